import java.io.IOException;
import java.io.InputStream;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassFile.ClassHierarchyResolverOption;
import java.lang.classfile.ClassFile.StackMapsOption;
import java.lang.classfile.ClassFileVersion;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassModel;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeBuilder;
import java.lang.constant.ClassDesc;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;

/**
 * Copies a jar, and gives those of its classes that were compiled for Java 5 the stack maps of newer classes. Without them the JVM
 * verifies a class in the older, slower way at each start, and leaves it out of an AOT cache ("Old class has been linked"). picocli
 * is compiled so.
 *
 * <p>Usage: {@code java StackMaps.java FROM.jar TO.jar}
 */
final class StackMaps {
  private static final int VERSION = ClassFile.JAVA_8_VERSION;

  private StackMaps() {}

  public static void main(String[] arguments) throws IOException {
    try (JarFile from = new JarFile(arguments[0]);
        JarOutputStream to = new JarOutputStream(Files.newOutputStream(Path.of(arguments[1])))) {
      ClassFile classes =
          ClassFile.of(
              StackMapsOption.GENERATE_STACK_MAPS,
              ClassHierarchyResolverOption.of(
                  ClassHierarchyResolver.ofResourceParsing(name -> open(from, name))
                      .orElse(ClassHierarchyResolver.defaultResolver())));
      for (JarEntry entry : Collections.list(from.entries())) {
        byte[] content = read(from, entry);
        if (entry.getName().endsWith(".class")) {
          content = mapped(classes, content);
        }
        JarEntry copy = new JarEntry(entry.getName());
        copy.setTime(entry.getTime());
        to.putNextEntry(copy);
        to.write(content);
      }
    }
  }

  private static byte[] mapped(ClassFile classes, byte[] content) {
    ClassModel model = classes.parse(content);
    if (model.majorVersion() >= ClassFile.JAVA_6_VERSION) {
      return content;
    }
    ClassTransform version =
        (builder, element) ->
            builder.with(element instanceof ClassFileVersion ? ClassFileVersion.of(VERSION, 0) : element);
    // Code that is only copied gets no maps.
    return classes.transformClass(
        model, version.andThen(ClassTransform.transformingMethodBodies(CodeBuilder::with)));
  }

  private static InputStream open(JarFile jar, ClassDesc type) {
    String descriptor = type.descriptorString();
    JarEntry entry = jar.getJarEntry(descriptor.substring(1, descriptor.length() - 1) + ".class");
    try {
      return entry == null ? null : jar.getInputStream(entry);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static byte[] read(JarFile jar, JarEntry entry) throws IOException {
    try (InputStream content = jar.getInputStream(entry)) {
      return content.readAllBytes();
    }
  }
}
