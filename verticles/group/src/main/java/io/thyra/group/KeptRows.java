package io.thyra.group;

import io.thyra.cache.CachedObject;
import io.thyra.cache.EncodingKey;
import io.thyra.codec.JsonWriter;
import io.thyra.codec.PartialObject;
import io.thyra.codec.Table;
import io.thyra.model.ListValue;
import io.thyra.model.NullValue;
import io.thyra.model.ObjectValue;
import io.thyra.model.Value;
import io.thyra.registry.ResourceStore;
import io.thyra.registry.TableColumns;
import io.thyra.registry.VersionedType;
import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The JSON rows of a Table, each made once and kept with its object, but for the cells that tell its age: these are left
/// open and filled in for the moment of the request. Which cells those are is found by asking the columns about a bare object
/// of the same creation time: a cell that says the same of both at several moments depends on nothing else. An object with
/// cells that depend on time in another way has its row made anew each time.
///
/// Belongs to one request.
///
///     kept := 0 | 1 holes:byte {offset:int cell:byte} creationSecond:long row
final class KeptRows {
  private static final byte[] UNKEPT = {0};
  private static final int HEAD_BYTES = 2;
  private static final int HOLE_BYTES = 5;
  // Ages change their unit between these.
  private static final long[] PROBES = {0, 3_727, 90_061, 40_000_000};

  private final ResourceStore store;
  private final VersionedType version;
  private final TableColumns columns;
  private final Table.IncludeObject include;
  private final String metaVersion;
  private final Instant now;
  private final EncodingKey key;
  private final Map<Long, List<Value>> bare = new HashMap<>();

  KeptRows(ResourceStore store, VersionedType version, Table.IncludeObject include, String metaVersion, Instant now) {
    this.store = store;
    this.version = version;
    this.columns = store.definition().columns(version);
    this.include = include;
    this.metaVersion = metaVersion;
    this.now = now;
    this.key = new EncodingKey("row-" + include + "-" + metaVersion, version.kind().apiVersion());
  }

  /// Appends the row of an object.
  void append(CachedObject object, Buffer out) {
    byte[] kept = store.definition().convertsOutside(version) ? UNKEPT : object.encoded(key, this::keep);
    if (kept[0] == 0) {
      ObjectValue hub = store.tree(object);
      out.appendBytes(row(columns.cells().apply(hub, now), hub, null));
      return;
    }
    int holes = kept[1];
    ByteBuffer in = ByteBuffer.wrap(kept);
    int start = HEAD_BYTES + holes * HOLE_BYTES + Long.BYTES;
    int at = start;
    if (holes > 0) {
      List<Value> cells = bare.computeIfAbsent(in.getLong(start - Long.BYTES), second -> bareCells(second, now));
      for (int i = 0; i < holes; i++) {
        int hole = start + in.getInt(HEAD_BYTES + i * HOLE_BYTES);
        out.appendBytes(kept, at, hole - at);
        out.appendBytes(JsonWriter.write(cells.get(kept[HEAD_BYTES + i * HOLE_BYTES + Integer.BYTES])));
        at = hole;
      }
    }
    out.appendBytes(kept, at, kept.length - at);
  }

  private byte[] keep(CachedObject object) {
    ObjectValue hub = store.tree(object);
    long second;
    try {
      second = Instant.parse(hub.string("metadata", "creationTimestamp")).getEpochSecond();
    } catch (DateTimeParseException _) {
      return UNKEPT;
    }
    List<Value> cells = columns.cells().apply(hub, now);
    boolean[] changes = new boolean[cells.size()];
    if (cells.size() > Byte.MAX_VALUE || !findAges(hub, second, cells, changes)) {
      return UNKEPT;
    }
    var offsets = new ArrayList<Integer>();
    byte[] row = row(cells, hub, new Holes(changes, offsets));
    var out = new ByteArrayOutputStream(row.length + 32);
    out.write(1);
    out.write(offsets.size());
    int next = 0;
    for (int i = 0; i < changes.length; i++) {
      if (changes[i]) {
        out.writeBytes(ByteBuffer.allocate(HOLE_BYTES).putInt(offsets.get(next++)).put((byte) i).array());
      }
    }
    out.writeBytes(ByteBuffer.allocate(Long.BYTES).putLong(second).array());
    out.writeBytes(row);
    return out.toByteArray();
  }

  /// Marks the cells that tell the age; false when others change with time, too.
  private boolean findAges(ObjectValue hub, long second, List<Value> cells, boolean[] changes) {
    var probed = new ArrayList<List<Value>>();
    for (long probe : PROBES) {
      List<Value> then = columns.cells().apply(hub, now.plusSeconds(probe));
      probed.add(then);
      for (int i = 0; i < changes.length; i++) {
        changes[i] |= !then.get(i).equals(cells.get(i));
      }
    }
    for (int p = 0; p < PROBES.length; p++) {
      List<Value> ages;
      try {
        ages = bareCells(second, now.plusSeconds(PROBES[p]));
      } catch (RuntimeException _) {
        // Columns that need more of an object than its metadata.
        return false;
      }
      for (int i = 0; i < changes.length; i++) {
        if (changes[i] && !probed.get(p).get(i).equals(ages.get(i))) {
          return false;
        }
      }
    }
    return true;
  }

  private List<Value> bareCells(long second, Instant at) {
    ObjectValue metadata = ObjectValue.builder().put("creationTimestamp", Instant.ofEpochSecond(second).toString()).build();
    return columns.cells().apply(ObjectValue.builder().put("metadata", metadata).build(), at);
  }

  private record Holes(boolean[] open, List<Integer> offsets) {}

  private byte[] row(List<Value> cells, ObjectValue hub, @Nullable Holes holes) {
    Buffer out = Buffer.buffer(512).appendString("{\"cells\":[");
    for (int i = 0; i < cells.size(); i++) {
      if (i > 0) {
        out.appendByte((byte) ',');
      }
      if (holes != null && holes.open()[i]) {
        holes.offsets().add(out.length());
      } else {
        out.appendBytes(JsonWriter.write(cells.get(i)));
      }
    }
    Value carried = switch (include) {
      case NONE -> NullValue.NULL;
      case METADATA -> PartialObject.of(hub, metaVersion);
      case OBJECT -> store.forms().printed(store.forms().fromHub(hub, version));
    };
    out.appendByte((byte) ']');
    List<ObjectValue> conditions = columns.conditions().apply(hub);
    if (!conditions.isEmpty()) {
      out.appendString(",\"conditions\":").appendBytes(JsonWriter.write(new ListValue(List.<Value>copyOf(conditions))));
    }
    return out.appendString(",\"object\":").appendBytes(JsonWriter.write(carried)).appendByte((byte) '}').getBytes();
  }
}
