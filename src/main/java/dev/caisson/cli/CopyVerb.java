package dev.caisson.cli;

import dev.caisson.cli.client.CliException;
import dev.caisson.cli.client.ExitCode;
import dev.caisson.cli.client.Json;
import dev.caisson.cli.client.ProblemCode;
import dev.caisson.cli.client.Service;
import dev.caisson.cli.copy.Place;
import dev.caisson.cli.copy.Tar;
import dev.caisson.cli.copy.TextTar;
import dev.caisson.cli.copy.Unclosed;
import java.io.IOException;
import java.io.InputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** The verb that copies files and directories, into a sandbox and out of it. */
@Command(
    name = "cp",
    mixinStandardHelpOptions = true,
    description = "Copy a file or a directory into a sandbox, or out of it.",
    footer = {
      "",
      "As cp -r: what is copied into a directory that is there goes below it, else it becomes TO."
    })
final class CopyVerb extends CliCommand {
  private static final String BYTES = "application/octet-stream";

  /** The parameter by which large holes are left out on the way, and made again. */
  private static final String SPARSE = "&sparse=true";

  @Option(
      names = "--owner",
      paramLabel = "USER",
      description =
          "Whose it is in the sandbox; if nothing is said, that of the file it replaces, else the"
              + " user that commands run as.")
  private @Nullable String owner;

  @Parameters(
      paramLabel = "FROM",
      index = "0",
      description = "SANDBOX:/PATH, or a path here; - is what is read here.")
  private String from = "";

  @Parameters(paramLabel = "TO", index = "1", description = "The same; - is written out here.")
  private String to = "";

  CopyVerb(CliContext cli) {
    super(cli);
  }

  @Override
  public Integer call() {
    Place source = Place.parse(from);
    Place target = Place.parse(to);
    if ((source.sandbox() == null) == (target.sandbox() == null)) {
      throw new CliException.Usage("one of the two must be SANDBOX:/PATH, the other a local path");
    }
    try {
      if (target.sandbox() != null) {
        put(source.path(), target, at(target.sandbox()) + "/files");
      } else {
        get(source, target, at(Objects.requireNonNull(source.sandbox())) + "/files");
      }
    } catch (IOException e) {
      throw new CliException.Failed("cannot copy " + from, e);
    }
    return ExitCode.OK;
  }

  // ---- into a sandbox

  private void put(String path, Place target, String files) throws IOException {
    if (path.equals("-")) {
      write(files, target.path(), "", BodyPublishers.ofInputStream(() -> cli.in));
      return;
    }
    Path source = Path.of(path);
    Path name = source.toRealPath().getFileName();
    boolean inside = target.saysDirectory() || isDirectory(files, target.path());
    String wanted = inside && name != null ? target.child(name.toString()) : target.path();
    if (!Files.isDirectory(source)) {
      String mode = "&mode=" + Integer.toOctalString(Tar.mode(source));
      write(files, wanted, mode, BodyPublishers.ofFile(source));
      return;
    }
    AtomicReference<@Nullable IOException> broken = new AtomicReference<>();
    try {
      service()
          .put(
              files + "/archive?path=" + Service.encode(wanted) + whose() + SPARSE,
              BodyPublishers.ofInputStream(() -> packed(source, broken)),
              "application/x-tar");
    } catch (CliException e) {
      IOException cause = broken.get();
      if (cause != null) {
        throw cause;
      }
      throw e;
    }
  }

  private void write(String files, String path, String query, BodyPublisher content) {
    service()
        .put(
            files + "/content?parents=true&path=" + Service.encode(path) + query + whose() + SPARSE,
            content,
            BYTES);
  }

  private String whose() {
    return owner == null ? "" : "&owner=" + Service.encode(owner);
  }

  private boolean isDirectory(String files, String path) {
    try {
      return Json.text(service().get(files + "/stat?path=" + Service.encode(path)).body(), "type")
          .equals("DIRECTORY");
    } catch (CliException.Refused e) {
      ProblemCode code = e.problem.known();
      if (code == ProblemCode.ENOENT || code == ProblemCode.ENOTDIR) {
        return false;
      }
      throw e;
    }
  }

  /**
   * Returns an archive that is made while it is read; one that cannot be finished breaks the upload
   * off.
   */
  private static InputStream packed(Path source, AtomicReference<@Nullable IOException> broken) {
    try {
      PipedOutputStream filled = new PipedOutputStream();
      PipedInputStream read =
          new PipedInputStream(filled, 256 << 10) {
            @Override
            public synchronized int read(byte[] buffer, int offset, int length) throws IOException {
              int count = super.read(buffer, offset, length);
              IOException failure = broken.get();
              if (failure != null) {
                throw failure;
              }
              return count;
            }
          };
      Thread.ofPlatform()
          .daemon()
          .name("pack")
          .start(() -> {
            // Closing the stream marks its end: before that, a failure must be known.
            try (filled) {
              try {
                Tar.pack(source, new Unclosed(filled));
              } catch (IOException e) {
                broken.set(e);
              }
            } catch (IOException e) {
              broken.set(e);
            }
          });
      return read;
    } catch (IOException e) {
      broken.set(e);
      return InputStream.nullInputStream();
    }
  }

  // ---- out of a sandbox

  private void get(Place source, Place target, String files) throws IOException {
    String query = "?path=" + Service.encode(source.path());
    JsonNode stat = service().get(files + "/stat" + query).body();
    if (stat.path("sparse").asBoolean(false) && !target.path().equals("-")) {
      getSparse(files + "/archive" + query + SPARSE, source, target);
      return;
    }
    if (!Json.text(stat, "type").equals("DIRECTORY")) {
      try (InputStream content = service().open(files + "/content" + query)) {
        receive(content, source, target);
        return;
      } catch (CliException.Refused e) {
        // A link to a directory.
        if (e.problem.known() != ProblemCode.EISDIR) {
          throw e;
        }
      }
    }
    if (target.path().equals("-")) {
      throw new CliException.Usage(source.path() + " is a directory");
    }
    Path wanted = Path.of(target.path());
    try (InputStream archive = service().open(files + "/archive" + query + SPARSE)) {
      Tar.unpack(archive, Files.isDirectory(wanted) ? below(wanted, source) : wanted);
    }
  }

  private void receive(InputStream content, Place source, Place target) throws IOException {
    if (target.path().equals("-")) {
      content.transferTo(cli.out);
      cli.out.flush();
      return;
    }
    place(source, target, made -> Files.copy(content, made, StandardCopyOption.REPLACE_EXISTING));
  }

  /** Takes a file with holes as an archive of that file, since its content would be all zeros. */
  private void getSparse(String archive, Place source, Place target) throws IOException {
    try (TextTar tar = new TextTar(service().open(archive))) {
      TarArchiveEntry entry = tar.getNextEntry();
      if (entry == null || !entry.isFile()) {
        throw new IOException(source.path() + " is no longer a file");
      }
      place(source, target, made -> Tar.write(tar, entry, made));
    }
  }

  /** A reception of content, into a file that is there, and empty. */
  private interface Reception {
    void into(Path made) throws IOException;
  }

  private static void place(Place source, Place target, Reception reception) throws IOException {
    Path wanted = Path.of(target.path());
    if (Files.isDirectory(wanted) || target.saysDirectory()) {
      Files.createDirectories(wanted);
      wanted = below(wanted, source);
    }
    Path parent = wanted.toAbsolutePath().getParent();
    Path made = Files.createTempFile(parent, ".caisson-", "");
    try {
      reception.into(made);
      Files.move(made, wanted, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(made);
    }
  }

  private static Path below(Path directory, Place source) {
    return source.name().isEmpty() ? directory : directory.resolve(source.name());
  }
}
