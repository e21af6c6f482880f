package io.thyra.watch;

import io.thyra.cache.CachedObject;
import io.thyra.codec.Accepted;
import io.thyra.codec.EncodedMessage;
import io.thyra.codec.Format;
import io.thyra.codec.JsonWriter;
import io.thyra.codec.ListHead;
import io.thyra.codec.PartialObject;
import io.thyra.codec.ProtobufEnvelope;
import io.thyra.codec.ProtobufWriter;
import io.thyra.codec.Table;
import io.thyra.codec.Transform;
import io.thyra.model.NullValue;
import io.thyra.model.ObjectValue;
import io.thyra.model.Value;
import io.thyra.registry.TableColumns;
import io.thyra.registry.VersionedType;
import io.thyra.schema.Schemas;
import io.thyra.schema.Struct;
import java.time.Clock;
import java.util.List;

/// How the objects of one watch are shown: as they are, reduced to their metadata, or as Tables of one row.
sealed interface ObjectForm {
  /// Names the form among those that are kept with an event; empty when it depends on the watcher.
  String name();

  byte[] encode(CachedObject object);

  /// A tree in the watched version: a deleted object, a bookmark.
  byte[] encode(ObjectValue tree);

  static ObjectForm of(WatchedKind kind, Accepted accepted, Table.IncludeObject include, Clock clock) {
    Transform transform = accepted.transform();
    if (transform == null) {
      return accepted.format() == Format.PROTOBUF ? new Protobuf(kind) : new Json(kind);
    }
    return switch (transform.kind()) {
      case TABLE -> new Rows(kind, include, transform.version(), clock);
      case PARTIAL_OBJECT, PARTIAL_OBJECT_LIST ->
          new Partial(kind, transform.version(), accepted.format() == Format.PROTOBUF);
    };
  }

  record Json(WatchedKind kind) implements ObjectForm {
    @Override
    public String name() {
      return "json";
    }

    @Override
    public byte[] encode(CachedObject object) {
      return kind.forms().json(object, kind.version());
    }

    @Override
    public byte[] encode(ObjectValue tree) {
      return JsonWriter.write(tree);
    }
  }

  record Protobuf(WatchedKind kind) implements ObjectForm {
    @Override
    public String name() {
      return "protobuf";
    }

    @Override
    public byte[] encode(CachedObject object) {
      return envelope(kind.version(), kind.forms().protobuf(object, kind.version()));
    }

    @Override
    public byte[] encode(ObjectValue tree) {
      return envelope(kind.version(), EncodedMessage.of(ProtobufWriter.writeMessage(tree, kind.version().struct())));
    }

    private static byte[] envelope(VersionedType version, EncodedMessage message) {
      return message.enveloped(version.kind().apiVersion(), version.kind().kind());
    }
  }

  record Partial(WatchedKind kind, String metaVersion, boolean protobuf) implements ObjectForm {
    private static final String TYPE = "io.k8s.apimachinery.pkg.apis.meta.v1.PartialObjectMetadata";

    @Override
    public String name() {
      return (protobuf ? "partial-protobuf-" : "partial-json-") + metaVersion;
    }

    @Override
    public byte[] encode(CachedObject object) {
      return encode(kind.forms().tree(object, kind.version()));
    }

    @Override
    public byte[] encode(ObjectValue tree) {
      ObjectValue partial = PartialObject.of(tree, metaVersion);
      if (!protobuf) {
        return JsonWriter.write(partial);
      }
      Struct type = Schemas.builtin().findType(TYPE).orElseThrow();
      return new ProtobufEnvelope("meta.k8s.io/" + metaVersion, "PartialObjectMetadata", ProtobufWriter.writeMessage(partial, type), "", "")
          .write();
    }
  }

  /// The columns are told with the first event alone. Owned by one watch.
  final class Rows implements ObjectForm {
    private final WatchedKind kind;
    private final Table.IncludeObject include;
    private final String metaVersion;
    private final Clock clock;
    private boolean told;

    Rows(WatchedKind kind, Table.IncludeObject include, String metaVersion, Clock clock) {
      this.kind = kind;
      this.include = include;
      this.metaVersion = metaVersion;
      this.clock = clock;
    }

    @Override
    public String name() {
      return "";
    }

    @Override
    public byte[] encode(CachedObject object) {
      return table(kind.store().tree(object));
    }

    @Override
    public byte[] encode(ObjectValue tree) {
      return table(kind.toHub(tree));
    }

    private byte[] table(ObjectValue hub) {
      TableColumns columns = kind.definition().columns(kind.version());
      List<Table.Column> shown =
          columns.columns().stream().map(c -> new Table.Column(c.name(), c.type(), c.format(), c.description(), c.priority())).toList();
      List<Value> cells = columns.cells().apply(hub, clock.instant());
      ObjectValue carried = include == Table.IncludeObject.OBJECT ? kind.forms().printed(kind.forms().fromHub(hub, kind.version())) : hub;
      var head = new ListHead("", "", hub.string("metadata", "resourceVersion"), "", null, false);
      ObjectValue table = new Table(shown, List.of(new Table.Row(cells, carried))).tree(head, include, metaVersion);
      if (told) {
        table = table.with("columnDefinitions", NullValue.NULL);
      }
      told = true;
      return JsonWriter.write(table);
    }
  }
}
