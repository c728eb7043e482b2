package dev.caisson.supervisor.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Compares the numbers by which Java calls the kernel with the headers of C, on both processors:
 * those of this machine, and Debian's for the other one.
 */
class KernelNumbersIT {
  private static final Path SOURCES = Path.of("src", "main", "java");
  private static final Pattern CALLS =
      Pattern.compile(
          "LibC\\.function|[lL]ib[cC]\\.(call|limit)\\(|Linker\\.|class (LibC|OpenFlags) ");
  private static final Pattern CONSTANT =
      Pattern.compile("static final (?:int|long) ([A-Z][A-Z_0-9]*) =\\s*([^;]*);");
  private static final Pattern WORDS = Pattern.compile("[a-z]\\w*[.(]|[A-Z]\\w*\\.");

  /** What C says in other words than by a name. */
  private static final Map<String, String> EXPRESSIONS =
      Map.of(
          "EPOLL_DATA", "offsetof(struct epoll_event, data)",
          "EPOLL_EVENT_SIZE", "sizeof(struct epoll_event)",
          "STATX_SIZE", "sizeof(struct statx)",
          "WORKING_DIRECTORY", "AT_FDCWD");

  /** Sizes and places of Java's own. */
  private static final Set<String> OWN =
      Set.of(
          "ALL",
          "BUFFER",
          "ERRNO",
          "IN",
          "LARGEST",
          "LONGEST_TARGET",
          "MEMORY",
          "MOST_DESCRIPTORS",
          "NAME",
          "OPAQUE",
          "OUT",
          "PATH",
          "PLAN",
          "PLAN_ERROR",
          "PLAN_VICTIM",
          "PROCESSES",
          "SCRATCH",
          "SETTINGS",
          "SIGNALS",
          "UNITS");

  /** The places that Java reads and writes in structures, where they have no name. */
  private static final List<String> LAYOUT =
      List.of(
          "offsetof(struct statx, stx_uid) == 20",
          "offsetof(struct statx, stx_gid) == 24",
          "offsetof(struct statx, stx_mode) == 28",
          "offsetof(struct statx, stx_size) == 40",
          "offsetof(struct statx, stx_mtime) == 112",
          "offsetof(struct statx_timestamp, tv_nsec) == 8",
          "offsetof(struct statx, stx_rdev_major) == 128",
          "offsetof(struct statx, stx_dev_major) == 136",
          "offsetof(struct dirent64, d_reclen) == 16",
          "offsetof(struct dirent64, d_name) == 19",
          "offsetof(struct statfs, f_type) == 0 && sizeof(struct statfs) <= 256",
          "sizeof(((struct statfs *) 0)->f_type) == 8",
          "sizeof(struct timespec) == 16 && sizeof(off_t) == 8 && sizeof(dev_t) == 8",
          "offsetof(siginfo_t, si_code) == 8",
          "offsetof(siginfo_t, si_pid) == 16",
          "offsetof(siginfo_t, si_status) == 24",
          "sizeof(siginfo_t) <= 128 && sizeof(sigset_t) <= 128",
          "CLD_EXITED == 1 && CLD_KILLED == 2 && CLD_DUMPED == 3",
          "offsetof(struct inotify_event, len) == 12",
          "sizeof(struct inotify_event) == 16",
          "sizeof(struct rlimit) == 16 && offsetof(struct rlimit, rlim_cur) == 0",
          "offsetof(struct winsize, ws_row) == 0 && offsetof(struct winsize, ws_col) == 2",
          "sizeof(struct termios) <= 256",
          "sizeof(posix_spawnattr_t) <= 512 && sizeof(posix_spawn_file_actions_t) <= 512",
          "MS_NOSUID == 2 && MS_NODEV == 4 && MS_NOEXEC == 8",
          "MS_NOATIME == 0x400 && MS_NODIRATIME == 0x800 && MS_RELATIME == 0x200000");

  @TempDir private Path directory;

  @ParameterizedTest
  @ValueSource(strings = {"x86_64", "aarch64"})
  void areThoseOfTheHeaders(String processor) throws Exception {
    StringBuilder program = new StringBuilder("#define _GNU_SOURCE\n");
    for (String header :
        List.of(
            "dirent.h",
            "errno.h",
            "fcntl.h",
            "signal.h",
            "spawn.h",
            "stddef.h",
            "stdio.h",
            "sys/epoll.h",
            "sys/inotify.h",
            "sys/ioctl.h",
            "sys/mount.h",
            "sys/prctl.h",
            "sys/resource.h",
            "sys/stat.h",
            "sys/vfs.h",
            "sys/wait.h",
            "termios.h",
            "linux/fs.h")) {
      program.append("#include <").append(header).append(">\n");
    }
    program.append("#define ARM64 ").append(processor.equals("aarch64") ? 1 : 0).append('\n');
    // Names that are no macros there.
    program.append("#define P_ALL P_ALL\n#define P_PID P_PID\n");

    List<String> compared = new ArrayList<>();
    for (Path source : callers()) {
      Matcher constant = CONSTANT.matcher(Files.readString(source));
      while (constant.find()) {
        if (compare(program, source, constant.group(1), constant.group(2))) {
          compared.add(constant.group(1));
        }
      }
    }
    assertThat(compared)
        .contains("EPOLLIN", "EPOLL_DATA", "FS_IOC_SETFLAGS", "IN_CREATE", "MS_BIND", "O_NOFOLLOW")
        .contains("POSIX_SPAWN_SETSID", "RLIMIT_RTTIME", "TIOCGPTPEER", "TIOCGWINSZ");
    numbers(program);
    for (String layout : LAYOUT) {
      program.append("_Static_assert(%s, \"\");\n".formatted(layout));
    }

    Path file = Files.writeString(directory.resolve("numbers.c"), program);
    assertThat(said(compiler(processor, file))).isEmpty();
  }

  /** Whoever else asked what this is could decide otherwise. */
  @Test
  void onePlaceAsksWhichProcessorThisIs() throws Exception {
    assertThat(sources(text -> text.contains("\"os.arch\"")))
        .containsExactly(SOURCES.resolve("dev/caisson/supervisor/system/Processor.java"));
  }

  private static List<Path> callers() throws IOException {
    return sources(text -> CALLS.matcher(text).find());
  }

  private static List<Path> sources(Predicate<String> which) throws IOException {
    List<Path> found = new ArrayList<>();
    try (Stream<Path> all = Files.walk(SOURCES)) {
      for (Path file : all.filter(name -> name.toString().endsWith(".java")).toList()) {
        if (which.test(Files.readString(file))) {
          found.add(file);
        }
      }
    }
    return found;
  }

  /** Whether there is anything to compare; the value is text that C reads as Java does. */
  private static boolean compare(StringBuilder program, Path source, String name, String value) {
    if (OWN.contains(name) || WORDS.matcher(value).find()) {
      return false;
    }
    String known = EXPRESSIONS.getOrDefault(name, name);
    String where = source.getFileName() + ": " + name;
    if (known.equals(name)) {
      program.append("#ifndef %s\n#error \"%s is in no header\"\n#else\n".formatted(name, where));
    }
    program.append(
        "_Static_assert((unsigned) (%s) == (unsigned) (%s), \"%s\");\n"
            .formatted(known, value, where));
    if (known.equals(name)) {
      program.append("#endif\n");
    }
    return true;
  }

  private static void numbers(StringBuilder program) {
    for (int i = 1; i < 134; i++) {
      if (!Errno.name(i).startsWith("ERRNO_")) {
        program.append("_Static_assert(%s == %d, \"\");\n".formatted(Errno.name(i), i));
      }
    }
    for (int i = 1; i < 32; i++) {
      program.append("_Static_assert(SIG%s == %d, \"\");\n".formatted(SignalName.of(i), i));
    }
  }

  private static List<String> compiler(String processor, Path file) throws Exception {
    List<String> command = new ArrayList<>(List.of("gcc", "-fsyntax-only"));
    String own = Processor.ARM64 ? "aarch64" : "x86_64";
    if (!processor.equals(own)) {
      // Its headers are enough: nothing is made, and both have the same sizes of numbers.
      String builtin = said(List.of("gcc", "-print-file-name=include")).strip();
      command.addAll(
          List.of(
              "-nostdinc",
              "-isystem",
              builtin,
              "-isystem",
              "/usr/" + processor + "-linux-gnu/include",
              "-U__" + own + "__",
              "-D__" + processor + "__"));
    }
    command.add(file.toString());
    return command;
  }

  private static String said(List<String> command) throws Exception {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as("%s: %s", command, text).isZero();
    return text;
  }
}
