package io.thyra.storage.etcd;

import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The messages of etcd's API that the engine sends and receives, and no more of each than it needs. The field numbers are those
/// of etcd api/v3 etcdserverpb/rpc.proto and mvccpb/kv.proto.
final class Protocol {
  static final Method RANGE = new Method("etcdserverpb.KV", "Range");
  static final Method TXN = new Method("etcdserverpb.KV", "Txn");
  static final Method COMPACT = new Method("etcdserverpb.KV", "Compact");
  static final Method PUT = new Method("etcdserverpb.KV", "Put");
  static final Method DELETE_RANGE = new Method("etcdserverpb.KV", "DeleteRange");
  static final Method LEASES = new Method("etcdserverpb.Lease", "LeaseLeases");
  static final Method LEASE_TIME_TO_LIVE = new Method("etcdserverpb.Lease", "LeaseTimeToLive");
  static final Method LEASE_GRANT = new Method("etcdserverpb.Lease", "LeaseGrant");
  static final Method STATUS = new Method("etcdserverpb.Maintenance", "Status");
  static final Method WATCH = new Method("etcdserverpb.Watch", "Watch");

  /// The watch id of an answer that is for all watches of a stream.
  static final long ALL_WATCHES = -1;

  private static final int TARGET_VERSION = 0;
  private static final int TARGET_MOD = 2;

  private Protocol() {}

  /// @param service with its package
  record Method(String service, String name) {}

  /// @param version how many writes the key has had since it was created
  record KeyValue(Buffer key, Buffer value, long createRevision, long modRevision, long version) {}

  /// What follows every key of a prefix, and nothing before it.
  static Buffer endOf(Buffer prefix) {
    for (int i = prefix.length() - 1; i >= 0; i--) {
      if (prefix.getByte(i) != (byte) 0xFF) {
        return prefix.getBuffer(0, i).appendByte((byte) (prefix.getByte(i) + 1));
      }
    }
    return Buffer.buffer(new byte[1]);
  }

  // Ranges.

  /// @param end the first key behind the range; empty for the one key
  /// @param revision 0 for the newest
  record Range(Buffer key, Buffer end, long limit, long revision, boolean countOnly) {
    static Range key(Buffer key) {
      return new Range(key, Buffer.buffer(), 0, 0, false);
    }

    Buffer encode() {
      return message().bytes();
    }

    private MessageWriter message() {
      return new MessageWriter().bytes(1, key).bytes(2, end).number(3, limit).number(4, revision).flag(9, countOnly);
    }
  }

  /// @param revision of the store when it answered
  /// @param count of the keys in the whole range
  record RangeAnswer(long revision, List<KeyValue> values, boolean more, long count) {
    static RangeAnswer decode(Buffer message) {
      return decode(new MessageReader(message));
    }

    private static RangeAnswer decode(MessageReader in) {
      long revision = 0;
      boolean more = false;
      long count = 0;
      var values = new ArrayList<KeyValue>();
      while (in.next()) {
        switch (in.field()) {
          case 1 -> revision = revisionOf(in.message());
          case 2 -> values.add(keyValue(in.message()));
          case 3 -> more = in.flag();
          case 4 -> count = in.number();
          default -> {}
        }
      }
      return new RangeAnswer(revision, values, more, count);
    }

    Optional<KeyValue> first() {
      return values.isEmpty() ? Optional.empty() : Optional.of(values.getFirst());
    }
  }

  private static KeyValue keyValue(MessageReader in) {
    Buffer key = Buffer.buffer();
    Buffer value = Buffer.buffer();
    long created = 0;
    long modified = 0;
    long version = 0;
    while (in.next()) {
      switch (in.field()) {
        case 1 -> key = in.bytes();
        case 2 -> created = in.number();
        case 3 -> modified = in.number();
        case 4 -> version = in.number();
        case 5 -> value = in.bytes();
        default -> {}
      }
    }
    return new KeyValue(key, value, created, modified, version);
  }

  private static long revisionOf(MessageReader header) {
    long revision = 0;
    while (header.next()) {
      if (header.field() == 3) {
        revision = header.number();
      }
    }
    return revision;
  }

  /// The revision in the header of any answer.
  static long revisionOf(Buffer message) {
    var in = new MessageReader(message);
    while (in.next()) {
      if (in.field() == 1) {
        return revisionOf(in.message());
      }
    }
    return 0;
  }

  // Transactions: one comparison, one thing to do if it holds, and a look at the key if it does not.

  /// Writes a key if its modRevision is the expected one, 0 for a key that is not there.
  ///
  /// @param lease 0 for none
  static Buffer put(Buffer key, long expectedRevision, Buffer value, long lease) {
    var put = new MessageWriter().bytes(1, key).bytes(2, value).number(3, lease);
    return transaction(compare(key, TARGET_MOD, 6, expectedRevision), new MessageWriter().message(2, put), key);
  }

  /// Deletes a key if its modRevision is the expected one.
  static Buffer delete(Buffer key, long expectedRevision) {
    var delete = new MessageWriter().bytes(1, key);
    return transaction(compare(key, TARGET_MOD, 6, expectedRevision), new MessageWriter().message(3, delete), key);
  }

  /// Writes a key if it has had as many writes since its creation.
  static Buffer putAtVersion(Buffer key, long expectedVersion, Buffer value) {
    var put = new MessageWriter().bytes(1, key).bytes(2, value);
    return transaction(compare(key, TARGET_VERSION, 4, expectedVersion), new MessageWriter().message(2, put), key);
  }

  private static MessageWriter compare(Buffer key, int target, int field, long value) {
    return new MessageWriter().number(2, target).bytes(3, key).number(field, value);
  }

  private static Buffer transaction(MessageWriter comparison, MessageWriter success, Buffer key) {
    var look = new MessageWriter().message(1, Range.key(key).message());
    return new MessageWriter().message(1, comparison).message(2, success).message(3, look).bytes();
  }

  /// @param succeeded whether the comparison held
  /// @param current the key otherwise; empty when it is not there
  record TransactionAnswer(long revision, boolean succeeded, Optional<KeyValue> current) {
    static TransactionAnswer decode(Buffer message) {
      var in = new MessageReader(message);
      long revision = 0;
      boolean succeeded = false;
      Optional<KeyValue> current = Optional.empty();
      while (in.next()) {
        switch (in.field()) {
          case 1 -> revision = revisionOf(in.message());
          case 2 -> succeeded = in.flag();
          case 3 -> current = look(in.message());
          default -> {}
        }
      }
      return new TransactionAnswer(revision, succeeded, succeeded ? Optional.empty() : current);
    }

    private static Optional<KeyValue> look(MessageReader operation) {
      Optional<KeyValue> found = Optional.empty();
      while (operation.next()) {
        if (operation.field() == 1) {
          found = RangeAnswer.decode(operation.message()).first();
        }
      }
      return found;
    }
  }

  // The rest.

  /// Writes a key whatever it holds.
  static Buffer put(Buffer key, Buffer value) {
    return new MessageWriter().bytes(1, key).bytes(2, value).bytes();
  }

  /// @param end as in [Range]
  static Buffer deleteRange(Buffer key, Buffer end) {
    return new MessageWriter().bytes(1, key).bytes(2, end).bytes();
  }

  static List<Long> leasesOf(Buffer answer) {
    var leases = new ArrayList<Long>();
    var in = new MessageReader(answer);
    while (in.next()) {
      if (in.field() == 2) {
        var status = in.message();
        while (status.next()) {
          if (status.field() == 1) {
            leases.add(status.number());
          }
        }
      }
    }
    return leases;
  }

  /// Asks for a lease's keys, too.
  static Buffer leaseTimeToLive(long lease) {
    return new MessageWriter().number(1, lease).flag(2, true).bytes();
  }

  /// @param seconds left; negative for a lease that is gone
  record LeaseAnswer(long seconds, List<Buffer> keys) {
    static LeaseAnswer decode(Buffer message) {
      var in = new MessageReader(message);
      long seconds = 0;
      var keys = new ArrayList<Buffer>();
      while (in.next()) {
        switch (in.field()) {
          case 3 -> seconds = in.number();
          case 5 -> keys.add(in.bytes());
          default -> {}
        }
      }
      return new LeaseAnswer(seconds, keys);
    }
  }

  static Buffer compact(long revision) {
    return new MessageWriter().number(1, revision).bytes();
  }

  static Buffer grantLease(long seconds) {
    return new MessageWriter().number(1, seconds).bytes();
  }

  static long leaseOf(Buffer answer) {
    return number(answer, 2);
  }

  static long databaseSizeOf(Buffer status) {
    return number(status, 3);
  }

  private static long number(Buffer message, int field) {
    var in = new MessageReader(message);
    while (in.next()) {
      if (in.field() == field) {
        return in.number();
      }
    }
    return 0;
  }

  // Watches.

  /// @param end as in [Range]
  static Buffer createWatch(long id, Buffer key, Buffer end, long startRevision) {
    var create =
        new MessageWriter().bytes(1, key).bytes(2, end).number(3, startRevision).flag(4, true).flag(6, true).number(7, id);
    return new MessageWriter().message(1, create).bytes();
  }

  static Buffer cancelWatch(long id) {
    return new MessageWriter().message(2, new MessageWriter().number(1, id)).bytes();
  }

  /// Asks for the revision that all watches of the stream have reached. There is no answer while one of them is behind.
  static Buffer requestProgress() {
    return new MessageWriter().message(3, new MessageWriter()).bytes();
  }

  /// @param value of a deletion: its key, and the deletion's revision as modRevision
  /// @param previous empty for a creation, and when it is compacted
  record Event(boolean deletion, KeyValue value, Optional<KeyValue> previous) {
    private static Event decode(MessageReader in) {
      boolean deletion = false;
      KeyValue value = new KeyValue(Buffer.buffer(), Buffer.buffer(), 0, 0, 0);
      Optional<KeyValue> previous = Optional.empty();
      while (in.next()) {
        switch (in.field()) {
          case 1 -> deletion = in.flag();
          case 2 -> value = keyValue(in.message());
          case 3 -> previous = Optional.of(keyValue(in.message()));
          default -> {}
        }
      }
      return new Event(deletion, value, previous);
    }
  }

  /// @param compactRevision of a watch that was cancelled because of it, else 0
  record WatchAnswer(
      long revision, long watchId, boolean created, boolean canceled, long compactRevision, String cancelReason, List<Event> events) {
    static WatchAnswer decode(Buffer message) {
      var in = new MessageReader(message);
      long revision = 0;
      long watchId = 0;
      boolean created = false;
      boolean canceled = false;
      long compactRevision = 0;
      String reason = "";
      var events = new ArrayList<Event>();
      while (in.next()) {
        switch (in.field()) {
          case 1 -> revision = revisionOf(in.message());
          case 2 -> watchId = in.number();
          case 3 -> created = in.flag();
          case 4 -> canceled = in.flag();
          case 5 -> compactRevision = in.number();
          case 6 -> reason = in.text();
          case 11 -> events.add(Event.decode(in.message()));
          default -> {}
        }
      }
      return new WatchAnswer(revision, watchId, created, canceled, compactRevision, reason, events);
    }
  }
}
