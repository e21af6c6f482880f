package io.thyra.audit;

import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;

/// Where lines of the audit log go. Used by one thread.
public interface LogOutput extends Closeable {
  void write(byte[] line) throws IOException;

  /// Hands everything to the operating system.
  void flush() throws IOException;

  /// Writes to a stream that stays open, such as standard output.
  static LogOutput of(OutputStream out) {
    return new LogOutput() {
      @Override
      public void write(byte[] line) throws IOException {
        out.write(line);
      }

      @Override
      public void flush() throws IOException {
        out.flush();
      }

      @Override
      public void close() throws IOException {
        out.flush();
      }
    };
  }
}
