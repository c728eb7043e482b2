package dev.caisson.link;

import dev.caisson.supervisor.wire.Answer;
import dev.caisson.supervisor.wire.BrokenRuleException;
import dev.caisson.supervisor.wire.Connection;
import dev.caisson.supervisor.wire.Intake;
import dev.caisson.supervisor.wire.Message;
import java.io.IOException;
import java.nio.channels.ByteChannel;

/** One connection of a link: what comes on it is checked, and counts against the link's budget. */
final class Line implements Intake, AutoCloseable {
  private final LinkBudget budget;
  private final Connection connection;
  private int room;
  private int last;

  Line(ByteChannel channel, LinkBudget budget) {
    this.budget = budget;
    this.connection = new Connection(channel, this);
  }

  Connection connection() {
    return connection;
  }

  /**
   * Reads the next answer.
   *
   * @throws BrokenRuleException if what came is none, or does not keep to the rules
   * @throws IOException if the connection broke
   */
  Answer answer() throws IOException {
    Message message = connection.receive();
    if (message instanceof Answer answer) {
      return answer;
    }
    throw new BrokenRuleException("the message is not an answer");
  }

  /** Returns how many bytes the last frame had. */
  int lastFrame() {
    return last;
  }

  @Override
  public void begin(int bytes) throws IOException {
    budget.begin(bytes);
    room = bytes;
    last = bytes;
  }

  @Override
  public void end(int bytes) {
    budget.end(room);
    room = 0;
  }

  @Override
  public void close() throws IOException {
    connection.close();
  }
}
