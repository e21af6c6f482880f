package io.thyra.storage.rocksdb;

import io.thyra.storage.StorageException;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.CompletionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// How the owner of a store's folder asks the server that runs on it for a snapshot: a socket in the folder, which nobody else
/// may enter. Who can is able to read the whole store anyway, and the administrator's key beside it.
///
/// A request is one line, `snapshot PATH`; the answer is one, `done REVISION` or `failed REASON`. One at a time.
public final class SnapshotSocket implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(SnapshotSocket.class);
  private static final String NAME = "control";

  /// What a socket's address has room for.
  private static final int PATH_BYTES_MAX = 107;

  private static final int LINE_MAX = 8_192;
  private static final String ASK = "snapshot ";
  private static final String DONE = "done ";
  private static final String FAILED = "failed ";

  private final Path path;
  private final ServerSocketChannel door;
  private final RocksStorage storage;

  private SnapshotSocket(Path path, ServerSocketChannel door, RocksStorage storage) {
    this.path = path;
    this.door = door;
    this.storage = storage;
  }

  /// Listens for the store in a folder. Where there can be no such socket the log says so, and snapshots need a stopped server.
  ///
  /// @return what ends it
  public static AutoCloseable open(Path folder, RocksStorage storage) {
    Path path = folder.resolve(NAME);
    if (path.toString().getBytes(StandardCharsets.UTF_8).length > PATH_BYTES_MAX) {
      LOG.atInfo().addKeyValue("path", path).log("the path is too long for a socket: snapshots need a stopped server");
      return () -> {};
    }
    try {
      // One that a killed server left; the store's lock says that there is no other.
      Files.deleteIfExists(path);
      ServerSocketChannel door = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
      try {
        door.bind(UnixDomainSocketAddress.of(path));
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-------"));
      } catch (IOException e) {
        door.close();
        throw e;
      }
      var socket = new SnapshotSocket(path, door, storage);
      Thread.ofPlatform().daemon().name("thyra-snapshots").start(socket::serve);
      return socket;
    } catch (IOException | UnsupportedOperationException e) {
      LOG.atInfo().addKeyValue("path", path).setCause(e).log("there is no socket here: snapshots need a stopped server");
      return () -> {};
    }
  }

  private void serve() {
    while (door.isOpen()) {
      try (SocketChannel client = door.accept()) {
        String request = line(client);
        client.write(ByteBuffer.wrap((answer(request) + "\n").getBytes(StandardCharsets.UTF_8)));
      } catch (ClosedChannelException _) {
        return;
      } catch (IOException e) {
        LOG.debug("who asked for a snapshot is gone", e);
      }
    }
  }

  private String answer(String request) {
    if (!request.startsWith(ASK)) {
      return FAILED + "the server does not know what it is asked";
    }
    try {
      Path target = Path.of(request.substring(ASK.length()));
      long revision = storage.snapshot(target).toCompletionStage().toCompletableFuture().join();
      LOG.atInfo().addKeyValue("path", target).addKeyValue("revision", revision).log("a snapshot was made");
      return DONE + revision;
    } catch (InvalidPathException e) {
      return FAILED + e.getReason();
    } catch (CompletionException e) {
      return FAILED + String.valueOf(e.getCause().getMessage()).replace('\n', ' ');
    }
  }

  private static String line(SocketChannel channel) throws IOException {
    try (var reader = new BufferedReader(Channels.newReader(new Kept(channel), StandardCharsets.UTF_8))) {
      var line = new StringBuilder();
      for (int c = reader.read(); c >= 0 && c != '\n' && line.length() < LINE_MAX; c = reader.read()) {
        line.append((char) c);
      }
      return line.toString();
    }
  }

  /// Does not close the channel with its reader.
  private record Kept(SocketChannel channel) implements ReadableByteChannel {
    @Override
    public int read(ByteBuffer target) throws IOException {
      return channel.read(target);
    }

    @Override
    public boolean isOpen() {
      return channel.isOpen();
    }

    @Override
    public void close() {}
  }

  /// Asks the server that runs on the store in a folder. Blocks until the snapshot is there.
  ///
  /// @param target an absolute path where nothing is yet
  /// @throws StorageException.Failed when there is no such server, or it could not
  public static long request(Path folder, Path target) {
    Path path = folder.resolve(NAME);
    if (target.toString().indexOf('\n') >= 0) {
      throw new StorageException.Failed("a path must not contain a line break", null);
    }
    try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(path))) {
      channel.write(ByteBuffer.wrap((ASK + target + "\n").getBytes(StandardCharsets.UTF_8)));
      String answer = line(channel);
      if (answer.startsWith(DONE)) {
        return Long.parseLong(answer.substring(DONE.length()));
      }
      throw new StorageException.Failed(answer.isEmpty() ? "the server ended before the snapshot was made" : answer.substring(FAILED.length()), null);
    } catch (IOException | IllegalArgumentException e) {
      throw new StorageException.Failed(
          "the store at " + folder + " is in use, and its server cannot be asked for a snapshot at " + path + ": " + e.getMessage(), e);
    }
  }

  @Override
  public void close() throws IOException {
    door.close();
    Files.deleteIfExists(path);
  }
}
