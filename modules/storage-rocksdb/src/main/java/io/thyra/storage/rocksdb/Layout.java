package io.thyra.storage.rocksdb;

import io.thyra.storage.StorageException;
import io.thyra.storage.Stored;
import io.vertx.core.buffer.Buffer;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.CRC32C;

/// What is on disk, format 1. All numbers are big-endian, so that they sort. The first byte of a key says what it is:
///
/// ```
///   m <name>                     -> a number            the format, the newest revision, the compacted revision
///   c <key>                      -> entry               what the key holds now
///   v <key> 0 <revision>         -> entry               what the key held until that revision replaced or deleted it
///   l <revision>                 -> change              which key a revision changed and how
///   e <deadline> <key>           -> nothing             what to delete when, deadlines in milliseconds since 1970
///
///   entry  = createRevision modRevision deadline crc value      deadline 0: lives for ever
///   change = kind historyBytes crc key                          historyBytes: of all replaced values ever, this one included
/// ```
///
/// A snapshot of an older revision is what `c` holds unless it is newer, else the first `v` behind that revision, if it is old
/// enough: so the newest snapshot reads `c` alone, and to forget a revision is to delete its `l` and the `v` of the same
/// revision. The checksums cover the key too, so that a value under a wrong key is found out.
final class Layout {
  static final int FORMAT = 1;

  static final byte[] META_FORMAT = ascii("mformat");
  static final byte[] META_REVISION = ascii("mrevision");
  static final byte[] META_COMPACTED = ascii("mcompacted");

  static final byte CURRENT = 'c';
  static final byte VERSION = 'v';
  static final byte LOG = 'l';
  static final byte EXPIRY = 'e';

  private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);

  private static final int ENTRY_HEADER = 28;
  private static final int ENTRY_CRC = 24;
  private static final int CHANGE_HEADER = 13;
  private static final int CHANGE_CRC = 9;

  private Layout() {}

  /// A value with its deadline, 0 for none.
  record Entry(Stored stored, long deadline) {}

  enum Kind {
    CREATE,
    UPDATE,
    DELETE;

    private static final Kind[] ALL = values();
  }

  /// @param historyBytes see the layout
  record Change(long revision, Kind kind, long historyBytes, String key) {}

  // Keys.

  private static byte[] ascii(String name) {
    return name.getBytes(StandardCharsets.US_ASCII);
  }

  static byte[] currentKey(String key) {
    return prefixed(CURRENT, key, 0);
  }

  /// The key under which a value is kept that a revision replaced; the bound behind all of a key's for -1.
  static byte[] versionKey(String key, long replacedBy) {
    byte[] bytes = prefixed(VERSION, key, 9);
    LONG.set(bytes, bytes.length - 8, replacedBy);
    return bytes;
  }

  static byte[] logKey(long revision) {
    byte[] bytes = new byte[9];
    bytes[0] = LOG;
    LONG.set(bytes, 1, revision);
    return bytes;
  }

  static byte[] expiryKey(long deadline, String key) {
    byte[] utf8 = key.getBytes(StandardCharsets.UTF_8);
    byte[] bytes = new byte[9 + utf8.length];
    bytes[0] = EXPIRY;
    LONG.set(bytes, 1, deadline);
    System.arraycopy(utf8, 0, bytes, 9, utf8.length);
    return bytes;
  }

  static byte[] prefixed(byte space, String key, int tail) {
    byte[] utf8 = key.getBytes(StandardCharsets.UTF_8);
    byte[] bytes = new byte[1 + utf8.length + tail];
    bytes[0] = space;
    System.arraycopy(utf8, 0, bytes, 1, utf8.length);
    return bytes;
  }

  /// The smallest key that is behind all keys with a prefix. The first byte names a space and is never the largest.
  static byte[] behindPrefix(byte[] prefix) {
    int length = prefix.length;
    while (prefix[length - 1] == (byte) 0xff) {
      length--;
    }
    byte[] bound = Arrays.copyOf(prefix, length);
    bound[length - 1]++;
    return bound;
  }

  static String keyOfCurrent(byte[] bytes) {
    return new String(bytes, 1, bytes.length - 1, StandardCharsets.UTF_8);
  }

  static String keyOfVersion(byte[] bytes) {
    return new String(bytes, 1, bytes.length - 10, StandardCharsets.UTF_8);
  }

  static long revisionOfVersion(byte[] bytes) {
    return (long) LONG.get(bytes, bytes.length - 8);
  }

  static long deadlineOfExpiry(byte[] bytes) {
    return (long) LONG.get(bytes, 1);
  }

  static String keyOfExpiry(byte[] bytes) {
    return new String(bytes, 9, bytes.length - 9, StandardCharsets.UTF_8);
  }

  // Values.

  static byte[] number(long value) {
    byte[] bytes = new byte[8];
    LONG.set(bytes, 0, value);
    return bytes;
  }

  static long number(byte[] bytes) {
    if (bytes.length != 8) {
      throw new StorageException.Failed("a number of " + bytes.length + " bytes is in the store: it is corrupt", null);
    }
    return (long) LONG.get(bytes, 0);
  }

  static byte[] entry(Entry entry) {
    Stored stored = entry.stored();
    byte[] bytes = new byte[ENTRY_HEADER + stored.value().length()];
    LONG.set(bytes, 0, stored.createRevision());
    LONG.set(bytes, 8, stored.modRevision());
    LONG.set(bytes, 16, entry.deadline());
    stored.value().getBytes(bytes, ENTRY_HEADER);
    INT.set(bytes, ENTRY_CRC, checksum(stored.key(), bytes, ENTRY_CRC));
    return bytes;
  }

  static Entry entry(String key, byte[] bytes) {
    if (bytes.length < ENTRY_HEADER || (int) INT.get(bytes, ENTRY_CRC) != checksum(key, bytes, ENTRY_CRC)) {
      throw new StorageException.Failed("the value of " + key + " is corrupt: its checksum does not match", null);
    }
    int length = bytes.length - ENTRY_HEADER;
    Buffer value = Buffer.buffer(length).appendBytes(bytes, ENTRY_HEADER, length);
    return new Entry(new Stored(key, value, (long) LONG.get(bytes, 0), modRevision(bytes)), (long) LONG.get(bytes, 16));
  }

  /// The modRevision of an encoded entry.
  static long modRevision(byte[] entry) {
    return (long) LONG.get(entry, 8);
  }

  static byte[] change(Change change) {
    byte[] utf8 = change.key().getBytes(StandardCharsets.UTF_8);
    byte[] bytes = new byte[CHANGE_HEADER + utf8.length];
    bytes[0] = (byte) change.kind().ordinal();
    LONG.set(bytes, 1, change.historyBytes());
    System.arraycopy(utf8, 0, bytes, CHANGE_HEADER, utf8.length);
    INT.set(bytes, CHANGE_CRC, checksum("", bytes, CHANGE_CRC) ^ (int) change.revision());
    return bytes;
  }

  static Change change(byte[] key, byte[] bytes) {
    long revision = (long) LONG.get(key, 1);
    if (bytes.length < CHANGE_HEADER
        || bytes[0] < 0
        || bytes[0] >= Kind.ALL.length
        || (int) INT.get(bytes, CHANGE_CRC) != (checksum("", bytes, CHANGE_CRC) ^ (int) revision)) {
      throw new StorageException.Failed("the history at revision " + revision + " is corrupt", null);
    }
    String changed = new String(bytes, CHANGE_HEADER, bytes.length - CHANGE_HEADER, StandardCharsets.UTF_8);
    return new Change(revision, Kind.ALL[bytes[0]], (long) LONG.get(bytes, 1), changed);
  }

  /// Of a key and of all bytes but the checksum's own four.
  private static int checksum(String key, byte[] bytes, int at) {
    CRC32C crc = new CRC32C();
    crc.update(key.getBytes(StandardCharsets.UTF_8));
    crc.update(bytes, 0, at);
    crc.update(bytes, at + 4, bytes.length - at - 4);
    return (int) crc.getValue();
  }
}
