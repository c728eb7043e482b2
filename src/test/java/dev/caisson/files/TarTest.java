package dev.caisson.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.caisson.lifecycle.FakeSandboxes;
import dev.caisson.sandbox.SandboxId;
import dev.caisson.streams.Streams;
import dev.caisson.supervisor.wire.Answer;
import dev.caisson.supervisor.wire.DaemonStatus;
import dev.caisson.supervisor.wire.FileInfo;
import dev.caisson.supervisor.wire.FileRequest;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

/** Archives out of, and into, a sandbox whose supervisor is faked. */
class TarTest {
  private final FakeFileSupervisor supervisor = new FakeFileSupervisor();
  private final FakeSandboxes sandboxes = new FakeSandboxes();
  private final SandboxId id = sandboxes.add(supervisor, daemon());
  private final SandboxFiles files =
      new SandboxFiles(sandboxes, new Streams(JsonMapper.builder().build()));

  @Test
  void namesAreRelativeWhateverTheyAre() throws IOException {
    String longName = "x".repeat(200) + "/grüße\n日本";
    List<TarArchiveEntry> entries =
        read(
            pack(
                directory("/d"),
                FakeFileSupervisor.file("/d/" + longName, 3),
                new Answer.Bytes(0, new byte[] {1, 2, 3}),
                directory("/d/-e")));

    assertThat(entries).extracting(TarArchiveEntry::getName).containsExactly("./", longName, "-e/");
    assertThat(entries.get(1).getSize()).isEqualTo(3);
    assertThat(entries.get(1).getMode() & 07777).isEqualTo(0644);
  }

  @Test
  void aSupervisorThatDoesNotKeepToWhatItAnnouncedIsNotBelieved() {
    FileInfo three = FakeFileSupervisor.file("/d/f", 3);
    assertThatThrownBy(() -> pack(directory("/d"), three, new Answer.Bytes(0, new byte[2])))
        .isInstanceOf(IOException.class);
    assertThatThrownBy(() -> pack(directory("/d"), three, new Answer.Bytes(0, new byte[4])))
        .isInstanceOf(IOException.class);
    assertThatThrownBy(() -> pack(directory("/d"), FakeFileSupervisor.file("/etc/passwd", 0)))
        .isInstanceOf(IOException.class);
    assertThatThrownBy(() -> pack(directory("/d"), new Answer.Bytes(0, new byte[2])))
        .isInstanceOf(IOException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"../out", "/absolute", "a/../../out"})
  void entriesThatLeadOutAreRefused(String name) {
    assertThatThrownBy(() -> unpack(tar(entry(name, TarConstants.LF_NORMAL))))
        .isInstanceOf(FileException.BadContent.class)
        .hasMessageContaining(name);
    assertThat(supervisor.contents).isEmpty();
  }

  @Test
  void nothingIsWrittenThroughALinkOfTheArchive() {
    TarArchiveEntry link = entry("l", TarConstants.LF_SYMLINK);
    link.setLinkName("/etc");

    assertThatThrownBy(() -> unpack(tar(link, entry("l/passwd", TarConstants.LF_NORMAL))))
        .isInstanceOf(FileException.BadContent.class)
        .hasMessageContaining("link");
    assertThatThrownBy(() -> unpack(tar(link, entry("l/", TarConstants.LF_DIR))))
        .isInstanceOf(FileException.BadContent.class);
    assertThat(supervisor.contents).isEmpty();
  }

  @Test
  void aDirectorysModeAndTimeComeAfterWhatIsInIt() throws IOException {
    ArchiveAnswer answer =
        unpack(
            tar(
                entry("d/", TarConstants.LF_DIR),
                entry("d/f", TarConstants.LF_NORMAL),
                entry("e", TarConstants.LF_NORMAL)));

    assertThat(supervisor.asked.stream().map(request -> request.getClass().getSimpleName()))
        .containsExactly("MakeDirectory", "MakeDirectory", "WriteFile", "ChangeFile", "WriteFile");
    assertThat(((FileRequest.ChangeFile) supervisor.asked.get(3)).path()).isEqualTo("/in/d");
    assertThat(answer.files()).isEqualTo(2);
  }

  @Test
  void ownersAreTheSandboxsOwnUnlessTheArchivesAreAskedFor() throws IOException {
    TarArchiveEntry named = entry("named", TarConstants.LF_NORMAL);
    named.setUserName("worker");
    TarArchiveEntry numbered = entry("numbered", TarConstants.LF_NORMAL);
    numbered.setUserId(1234);
    numbered.setGroupId(5678);
    numbered.setUserName("");
    numbered.setGroupName("");
    byte[] tar = tar(named, numbered, named);
    supervisor.script =
        request ->
            request instanceof FileRequest.FindOwner
                ? List.of(new Answer.Owner(4321, 7))
                : List.of(FakeFileSupervisor.file("/f", 0));

    new TarReader(files, id, "/in", new EntryOwners(files, id, null, ArchiveOwners.DEFAULT), false)
        .unpack(new ByteArrayInputStream(tar));
    assertThat(writtenOwners()).containsExactly(null, null, null);

    supervisor.asked.clear();
    new TarReader(files, id, "/in", new EntryOwners(files, id, null, ArchiveOwners.ARCHIVE), false)
        .unpack(new ByteArrayInputStream(tar));
    assertThat(writtenOwners()).containsExactly("4321:7", "1234:5678", "4321:7");
    assertThat(supervisor.asked.stream().filter(FileRequest.FindOwner.class::isInstance))
        .as("each is asked for once, and numbers not at all")
        .hasSize(1);
  }

  private List<String> writtenOwners() {
    return supervisor.asked.stream()
        .filter(FileRequest.WriteFile.class::isInstance)
        .map(request -> ((FileRequest.WriteFile) request).owner())
        .collect(java.util.stream.Collectors.toList());
  }

  @Test
  void contentThatIsNoTarOrIsCutIsSaidToBe() throws IOException {
    byte[] whole = tar(entry("f", TarConstants.LF_NORMAL));
    assertThatThrownBy(() -> unpack(Arrays.copyOf(whole, 600)))
        .isInstanceOf(FileException.BadContent.class);
    assertThatThrownBy(() -> unpack("no tar at all".repeat(100).getBytes(StandardCharsets.UTF_8)))
        .isInstanceOf(FileException.BadContent.class);
  }

  private ArchiveAnswer unpack(byte[] tar) {
    return new TarReader(
            files, id, "/in", new EntryOwners(files, id, "1:1", ArchiveOwners.DEFAULT), false)
        .unpack(new ByteArrayInputStream(tar));
  }

  private static TarArchiveEntry entry(String name, byte type) {
    TarArchiveEntry entry = new TarArchiveEntry(name, type, true);
    entry.setSize(type == TarConstants.LF_NORMAL ? 700 : 0);
    return entry;
  }

  private static byte[] tar(TarArchiveEntry... entries) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes)) {
      for (TarArchiveEntry entry : entries) {
        tar.putArchiveEntry(entry);
        tar.write(new byte[(int) entry.getSize()]);
        tar.closeArchiveEntry();
      }
    }
    return bytes.toByteArray();
  }

  private String pack(FileInfo root, Answer... rest) throws IOException {
    supervisor.script = _ -> List.of(rest);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    new TarWriter(out, root)
        .write(root, supervisor.open(new FileRequest.ReadTree(root.path(), true, true)));
    return out.toString(StandardCharsets.ISO_8859_1);
  }

  private static List<TarArchiveEntry> read(String tar) throws IOException {
    List<TarArchiveEntry> entries = new ArrayList<>();
    try (TarArchiveInputStream in =
        new TarArchiveInputStream(
            new ByteArrayInputStream(tar.getBytes(StandardCharsets.ISO_8859_1)), "UTF-8")) {
      for (TarArchiveEntry next = in.getNextEntry(); next != null; next = in.getNextEntry()) {
        entries.add(next);
      }
    }
    return entries;
  }

  private static DaemonStatus daemon() {
    return DaemonStatus.untouched(DaemonStatus.State.DISABLED, false, 0);
  }

  private static FileInfo directory(String path) {
    return FileInfo.builder(path, FileInfo.Type.DIRECTORY).mode(0755).build();
  }
}
