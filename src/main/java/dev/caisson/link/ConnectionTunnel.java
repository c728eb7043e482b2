package dev.caisson.link;

import dev.caisson.sandbox.Tunnel;
import dev.caisson.supervisor.wire.Connection;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;

/** A connection to a supervisor that carries bytes, after it has dialled. */
final class ConnectionTunnel implements Tunnel {
  private final Connection connection;
  private final Runnable drop;
  private final InputStream input = new Input();
  private final OutputStream output = new Output();

  ConnectionTunnel(Connection connection, Runnable drop) {
    this.connection = connection;
    this.drop = drop;
  }

  @Override
  public InputStream input() {
    return input;
  }

  @Override
  public OutputStream output() {
    return output;
  }

  @Override
  public void endOutput() throws IOException {
    connection.endBytes();
  }

  @Override
  public boolean isQuiet() {
    return connection.isQuiet();
  }

  @Override
  public void close() {
    drop.run();
  }

  /** The bytes of the other end. */
  private final class Input extends InputStream {
    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(one[0]);
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      return length == 0 ? 0 : connection.readBytes(ByteBuffer.wrap(bytes, offset, length));
    }
  }

  /** The bytes for the other end. */
  private final class Output extends OutputStream {
    @Override
    public void write(int value) throws IOException {
      write(new byte[] {(byte) value}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      connection.writeBytes(ByteBuffer.wrap(bytes, offset, length));
    }

    @Override
    public void close() throws IOException {
      endOutput();
    }
  }
}
