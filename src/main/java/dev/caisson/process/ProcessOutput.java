package dev.caisson.process;

import dev.caisson.sandbox.Answers;
import dev.caisson.sandbox.SandboxId;
import dev.caisson.streams.CutOff;
import dev.caisson.streams.EventStream;
import dev.caisson.streams.Streams;
import dev.caisson.supervisor.wire.Answer;
import dev.caisson.supervisor.wire.StreamName;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.OutputStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * The writer of both streams of a journal (a process's, or a daemon's), in order, into a response.
 */
@Component
public class ProcessOutput {
  private static final Logger log = LoggerFactory.getLogger(ProcessOutput.class);

  private final Processes processes;
  private final Streams streams;
  private final ProcessRecord record;

  ProcessOutput(Processes processes, Streams streams, ProcessRecord record) {
    this.processes = processes;
    this.streams = streams;
    this.record = record;
  }

  /**
   * Writes the output as server-sent events. The last one is {@code exit} (the process has ended)
   * or {@code end} (no more for now); a stream without either was broken, and is resumed after its
   * last id.
   *
   * @param journal a pid in decimal, or a daemon's name
   * @param exact whether the events carry bytes in place of text
   */
  public void events(
      SandboxId id,
      String journal,
      OutputPosition after,
      boolean follow,
      boolean exact,
      HttpServletResponse response) {
    try (Answers<Answer> answers = processes.follow(id, journal, after.seq(), follow);
        EventStream events = streams.events(response, answers::close)) {
      OutputReading reading = new OutputReading(processes, id, journal, after, exact, events);
      try {
        reading.read(answers);
      } catch (RuntimeException e) {
        // The response has begun. What it lacks is its last event, which tells the client.
        if (!events.ended()) {
          log.atDebug()
              .addKeyValue("sandbox", id)
              .addKeyValue("pid", journal)
              .addKeyValue("error", e.getMessage())
              .log("output stream broke");
        }
      } finally {
        for (StreamName stream : StreamName.values()) {
          record.read(id, journal, stream, reading.sent(stream));
        }
      }
    } catch (IOException e) {
      log.atTrace().addKeyValue("sandbox", id).log("client of an output stream is gone");
    }
  }

  /** Writes the output as plain bytes; where it breaks, the connection is cut. */
  public void plain(
      SandboxId id,
      String journal,
      boolean follow,
      HttpServletRequest request,
      HttpServletResponse response) {
    try (Answers<Answer> answers = processes.follow(id, journal, 0, follow);
        Streams.Handle handle = streams.open(answers::close)) {
      Headers.plain(request, response);
      response.flushBuffer();
      OutputStream out = response.getOutputStream();
      for (Answer answer = answers.next(); answer != null; answer = answers.next()) {
        if (answer instanceof Answer.Output output) {
          out.write(output.bytes());
          out.flush();
        }
      }
      if (handle.ended()) {
        CutOff.mark(request);
      }
    } catch (RuntimeException e) {
      if (!response.isCommitted()) {
        throw e;
      }
      CutOff.mark(request);
    } catch (IOException e) {
      log.atTrace().addKeyValue("sandbox", id).log("client of an output stream is gone");
    }
  }
}
