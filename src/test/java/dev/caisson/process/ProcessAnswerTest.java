package dev.caisson.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caisson.supervisor.wire.ProcessInfo;
import dev.caisson.supervisor.wire.StreamName;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A process as it is answered. */
class ProcessAnswerTest {

  @Test
  void aTextThatIsNotAllIsCutAtACharacterAndSaysSo() {
    FakeJournal journal = new FakeJournal("5").write(StreamName.STDOUT, "żółw").exit(0);
    byte[] first = {(byte) 0xC5, (byte) 0xBC, (byte) 0xC3};

    ProcessInfo process = journal.process();
    ProcessAnswer answer =
        ProcessAnswer.from(
            process,
            StreamAnswer.from(process.stdout(), first),
            StreamAnswer.from(process.stderr(), new byte[0]));

    assertThat(answer.stdout()).isEqualTo(new StreamAnswer(7, 0, "ż", true));
    assertThat(answer.stderr()).isEqualTo(new StreamAnswer(0, 0, "", false));
    assertThat(answer.state()).isEqualTo(ProcessState.EXITED);
    assertThat(answer.endedAt()).isEqualTo("1970-01-01T00:00:09Z");
  }

  @Test
  void bytesThatAreNoTextAreReplaced() {
    FakeJournal journal = new FakeJournal("5").write(StreamName.STDOUT, new byte[] {'a', -1});
    byte[] all = {'a', -1};

    ProcessInfo process = journal.process();
    ProcessAnswer answer =
        ProcessAnswer.from(
            process,
            StreamAnswer.from(process.stdout(), all),
            StreamAnswer.from(process.stderr(), null));

    assertThat(answer.stdout().text()).isEqualTo("a\uFFFD");
    assertThat(answer.stderr().text()).isNull();
    assertThat(answer.state()).isEqualTo(ProcessState.RUNNING);
    assertThat(answer.exit()).isNull();
  }

  @Test
  void aShellLineIsAnsweredAsItWasGivenAndAsWhatWasExecuted() {
    ProcessInfo shell =
        ProcessInfo.builder(5, List.of("/bin/sh", "-c", "a | b"))
            .shell(true)
            .background(true)
            .startedAt(1)
            .build();

    ProcessAnswer answer = ProcessAnswer.from(shell);
    assertThat(answer.shell()).isEqualTo("a | b");
    assertThat(answer.command()).containsExactly("/bin/sh", "-c", "a | b");
  }
}
