package dev.caisson;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.ExpressionTree;
import com.sun.source.tree.LiteralTree;
import com.sun.source.tree.MethodInvocationTree;
import com.sun.source.tree.NewClassTree;
import com.sun.source.tree.ParenthesizedTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.TypeCastTree;
import com.sun.source.tree.UnaryTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.TreePathScanner;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * The arguments of calls: where many are null, 0, -1, false or true, a reader cannot tell which is
 * which, so a builder or a factory has to name them.
 */
class PositionalLiteralsTest {
  /** The number of such arguments from which a call is refused. */
  private static final int TOO_MANY = 4;

  /** Calls that may have them, by the last part of what they call, each with the reason. */
  private static final Map<String, String> EXEMPT =
      Map.of(
          "containsExactly", "takes a list of values, whose order is what it is about",
          "getTask", "is the JDK's own, and has no other form",
          "SandboxCreation", "its EMPTY says nothing: all of its arguments are the same");

  @Test
  void noCallPassesFourOrMoreOfThem() throws IOException {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    try (StandardJavaFileManager manager = compiler.getStandardFileManager(null, null, null)) {
      JavacTask parser =
          (JavacTask)
              compiler.getTask(
                  null, manager, null, null, null, manager.getJavaFileObjectsFromPaths(sources()));
      Calls calls = new Calls(Trees.instance(parser).getSourcePositions());
      calls.scan(parser.parse(), null);

      assertThat(calls.seen).isGreaterThan(40_000);
      assertThat(calls.refused).as("Calls with %d or more mute arguments", TOO_MANY).isEmpty();
      assertThat(calls.exempt).containsExactlyElementsOf(new TreeSet<>(EXEMPT.keySet()));
    }
  }

  private static List<Path> sources() throws IOException {
    List<Path> sources = new ArrayList<>();
    for (Path root : List.of(Path.of("src/main/java"), Path.of("src/test/java"))) {
      try (Stream<Path> files = Files.walk(root)) {
        files.filter(each -> each.toString().endsWith(".java")).forEach(sources::add);
      }
    }
    return sources;
  }

  /** Collects the calls and constructions with too many such arguments. */
  private static class Calls extends TreePathScanner<@Nullable Void, @Nullable Void> {
    private final SourcePositions positions;
    private final List<String> refused = new ArrayList<>();
    private final TreeSet<String> exempt = new TreeSet<>();
    private int seen;

    Calls(SourcePositions positions) {
      this.positions = positions;
    }

    @Override
    public @Nullable Void visitMethodInvocation(MethodInvocationTree call, @Nullable Void none) {
      look(call, call.getMethodSelect(), call.getArguments());
      return super.visitMethodInvocation(call, null);
    }

    @Override
    public @Nullable Void visitNewClass(NewClassTree call, @Nullable Void none) {
      look(call, call.getIdentifier(), call.getArguments());
      return super.visitNewClass(call, null);
    }

    private void look(Tree call, Tree called, List<? extends ExpressionTree> arguments) {
      seen++;
      if (arguments.stream().filter(Calls::isMute).count() < TOO_MANY) {
        return;
      }
      String path = called.toString();
      String name = path.substring(path.lastIndexOf('.') + 1);
      if (EXEMPT.containsKey(name)) {
        exempt.add(name);
        return;
      }
      CompilationUnitTree unit = getCurrentPath().getCompilationUnit();
      long line = unit.getLineMap().getLineNumber(positions.getStartPosition(unit, call));
      refused.add(unit.getSourceFile().getName() + ":" + line + " " + name);
    }

    private static boolean isMute(ExpressionTree argument) {
      return switch (argument) {
        case ParenthesizedTree inner -> isMute(inner.getExpression());
        case TypeCastTree cast -> isMute(cast.getExpression());
        case UnaryTree minus ->
            minus.getKind() == Tree.Kind.UNARY_MINUS && isNumber(minus.getExpression(), 1);
        case LiteralTree literal ->
            literal.getValue() == null
                || literal.getValue() instanceof Boolean
                || isNumber(literal, 0);
        default -> false;
      };
    }

    private static boolean isNumber(ExpressionTree argument, int value) {
      return argument instanceof LiteralTree literal
          && literal.getValue() instanceof Number number
          && number.doubleValue() == value;
    }
  }
}
