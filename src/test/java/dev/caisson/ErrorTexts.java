package dev.caisson;

import com.sun.source.tree.AnnotationTree;
import com.sun.source.tree.AssignmentTree;
import com.sun.source.tree.BinaryTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.ConditionalExpressionTree;
import com.sun.source.tree.ExpressionTree;
import com.sun.source.tree.LiteralTree;
import com.sun.source.tree.MethodInvocationTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.NewClassTree;
import com.sun.source.tree.ParenthesizedTree;
import com.sun.source.tree.ReturnTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreeScanner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;

/**
 * The texts of errors in the sources, room by room: what exceptions are made with, what calls that
 * make errors are given, and the messages of constraints. What is computed reads as {@code {}}.
 */
final class ErrorTexts extends TreeScanner<Void, String> {
  /** Methods that make errors of what they are given. */
  private static final Set<String> MAKERS =
      Set.of("error", "refused", "forStatusAndDetail", "invalid", "unsupported");

  private static final Set<String> SAYERS =
      Set.of("form", "reason", "why", "advice", "remedy", "message", "sentence");

  private final Set<String> texts = new TreeSet<>();

  /** All of them, each with its room, in order. */
  static List<String> of(Path sources) throws IOException {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null);
        Stream<Path> all = Files.walk(sources)) {
      List<Path> java = all.filter(file -> file.toString().endsWith(".java")).toList();
      JavacTask task =
          (JavacTask)
              compiler.getTask(
                  null, files, null, null, null, files.getJavaFileObjectsFromPaths(java));
      ErrorTexts texts = new ErrorTexts();
      for (CompilationUnitTree unit : task.parse()) {
        Path file = sources.toAbsolutePath().relativize(Path.of(unit.getSourceFile().toUri()));
        texts.scan(unit, String.valueOf(file.getName(file.getNameCount() - 2)));
      }
      return List.copyOf(texts.texts);
    }
  }

  @Override
  public Void visitNewClass(NewClassTree made, String room) {
    String type = made.getIdentifier().toString();
    if (type.contains("Exception") || type.startsWith("Failed") || type.equals("FieldError")) {
      add(made.getArguments(), room);
    }
    return super.visitNewClass(made, room);
  }

  @Override
  public Void visitClass(ClassTree type, String room) {
    Tree above = type.getExtendsClause();
    if (above != null && above.toString().endsWith("Exception")) {
      new TreeScanner<Void, Void>() {
        @Override
        public Void visitMethodInvocation(MethodInvocationTree call, @Nullable Void nothing) {
          if (Set.of("super", "this").contains(call.getMethodSelect().toString())) {
            add(call.getArguments(), room);
          }
          return super.visitMethodInvocation(call, null);
        }
      }.scan(type.getMembers(), null);
    }
    return super.visitClass(type, room);
  }

  @Override
  public Void visitMethodInvocation(MethodInvocationTree call, String room) {
    String name = call.getMethodSelect().toString();
    if (name.startsWith("Log.") || name.startsWith("log.")) {
      return super.visitMethodInvocation(call, room);
    }
    if (MAKERS.contains(name.substring(name.lastIndexOf('.') + 1))) {
      add(call.getArguments(), room);
    }
    return super.visitMethodInvocation(call, room);
  }

  /** What methods answer that say of what form something must be. */
  @Override
  public Void visitMethod(MethodTree method, String room) {
    if (SAYERS.contains(method.getName().toString())) {
      new TreeScanner<Void, Void>() {
        @Override
        public Void visitReturn(ReturnTree answer, @Nullable Void nothing) {
          if (answer.getExpression() != null) {
            add(List.of(answer.getExpression()), room);
          }
          return super.visitReturn(answer, null);
        }
      }.scan(method, null);
    }
    return super.visitMethod(method, room);
  }

  @Override
  public Void visitAnnotation(AnnotationTree annotation, String room) {
    for (ExpressionTree argument : annotation.getArguments()) {
      if (argument instanceof AssignmentTree named
          && named.getVariable().toString().equals("message")) {
        add(List.of(named.getExpression()), room);
      }
    }
    return super.visitAnnotation(annotation, room);
  }

  private void add(List<? extends ExpressionTree> arguments, String room) {
    for (ExpressionTree argument : arguments) {
      if (argument instanceof ConditionalExpressionTree either) {
        add(List.of(either.getTrueExpression(), either.getFalseExpression()), room);
        continue;
      }
      String text = text(argument).replace("\n", "\\n");
      // A name or a code is no text.
      if (text.contains(" ")) {
        texts.add(room + ": " + text);
      }
    }
  }

  private static String text(ExpressionTree expression) {
    return switch (expression) {
      case LiteralTree literal when literal.getValue() instanceof String text -> text;
      case BinaryTree joined when joined.getKind() == Tree.Kind.PLUS ->
          text(joined.getLeftOperand()) + text(joined.getRightOperand());
      case ParenthesizedTree inner -> text(inner.getExpression());
      case ConditionalExpressionTree either ->
          "(" + text(either.getTrueExpression()) + "|" + text(either.getFalseExpression()) + ")";
      default -> "{}";
    };
  }
}
