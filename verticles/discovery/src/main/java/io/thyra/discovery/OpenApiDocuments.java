package io.thyra.discovery;

import io.thyra.codec.JsonReader;
import io.thyra.codec.JsonWriter;
import io.thyra.model.GroupVersion;
import io.thyra.model.ObjectValue;
import io.thyra.schema.Schemas;
import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ref.SoftReference;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/// The OpenAPI documents of what is served. Each is built when it is asked for and held softly; its hash is kept for as long
/// as what it describes stays the same. All methods may take a second, so they belong on a worker; they exclude each other.
final class OpenApiDocuments {
  /// A document in its forms. Bytes are shared, not to be changed.
  static final class Form {
    private final String etag;
    private final Instant modified;
    private final Supplier<ObjectValue> builder;
    private final Gnostic gnostic;
    private SoftReference<Buffer> json;
    private SoftReference<Buffer> packed = new SoftReference<>(null);
    private SoftReference<Buffer> protobuf = new SoftReference<>(null);

    private Form(Supplier<ObjectValue> builder, Gnostic gnostic, Instant modified) {
      this.builder = builder;
      this.gnostic = gnostic;
      this.modified = modified;
      byte[] bytes = JsonWriter.write(builder.get());
      etag = DiscoverySnapshot.sha512(bytes);
      json = new SoftReference<>(Buffer.buffer(bytes));
    }

    /// Without its quotes.
    String etag() {
      return etag;
    }

    Instant modified() {
      return modified;
    }

    synchronized Buffer json() {
      Buffer known = json.get();
      if (known == null) {
        known = Buffer.buffer(JsonWriter.write(builder.get()));
        json = new SoftReference<>(known);
      }
      return known;
    }

    synchronized Buffer packed() {
      Buffer known = packed.get();
      if (known == null) {
        var bytes = new ByteArrayOutputStream(1 << 18);
        try (var gzip = new GZIPOutputStream(bytes)) {
          gzip.write(json().getBytes());
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
        known = Buffer.buffer(bytes.toByteArray());
        packed = new SoftReference<>(known);
      }
      return known;
    }

    synchronized Buffer protobuf() {
      Buffer known = protobuf.get();
      if (known == null) {
        known = Buffer.buffer(gnostic.write((ObjectValue) JsonReader.read(json().getBytes())));
        protobuf = new SoftReference<>(known);
      }
      return known;
    }
  }

  /// What a document is made of; equal parts make equal documents.
  private record Parts(Object served, OpenApiSource.@Nullable Contribution contribution) {}

  private record Known(Parts parts, Form form) {}

  private final String version;
  private final Schemas schemas;
  private final OpenApiSource source;
  private final InstantSource clock;
  private final Map<String, Known> v3 = new HashMap<>();
  private @Nullable Known v2;

  /// @param version what documents call the version of the API
  OpenApiDocuments(String version, Schemas schemas, OpenApiSource source, InstantSource clock) {
    this.version = version;
    this.schemas = schemas;
    this.source = source;
    this.clock = clock;
  }

  /// The documents of OpenAPI 3 by path below `/openapi/v3`, each with the hash that names its present form.
  synchronized Map<String, String> index(DiscoverySnapshot snapshot) {
    Map<String, Parts> wanted = wanted(snapshot);
    v3.keySet().retainAll(wanted.keySet());
    var hashes = new TreeMap<String, String>();
    wanted.forEach((path, parts) -> hashes.put(path, form(path, parts, snapshot).etag()));
    return hashes;
  }

  synchronized Optional<Form> findV3(DiscoverySnapshot snapshot, String path) {
    Parts parts = wanted(snapshot).get(path);
    return parts == null ? Optional.empty() : Optional.of(form(path, parts, snapshot));
  }

  /// Entries of the index for documents that extension servers serve.
  Map<String, ObjectValue> remoteIndex() {
    return source.remote().index();
  }

  synchronized Form v2(DiscoverySnapshot snapshot) {
    List<ObjectValue> remote = source.remote().v2Documents();
    var parts = new Parts(List.of(List.copyOf(wanted(snapshot).values()), remote), null);
    if (v2 == null || !v2.parts.equals(parts)) {
      v2 = new Known(parts, new Form(() -> MergedDefinitions.merge(buildV2(snapshot), remote), Gnostic.V2, clock.instant()));
    }
    return v2.form;
  }

  private Form form(String path, Parts parts, DiscoverySnapshot snapshot) {
    Known known = v3.get(path);
    if (known == null || !known.parts.equals(parts)) {
      known = new Known(parts, new Form(() -> buildV3(path, parts), Gnostic.V3, clock.instant()));
      v3.put(path, known);
    }
    return known.form;
  }

  private Map<String, Parts> wanted(DiscoverySnapshot snapshot) {
    var wanted = new TreeMap<String, Parts>();
    RootOperations.PATHS.forEach((path, _) -> wanted.put(path, new Parts(path, null)));
    for (ServedGroupVersion each : snapshot.groupVersions()) {
      GroupVersion groupVersion = each.groupVersion();
      OpenApiSource.Contribution contribution = source.find(groupVersion).orElse(null);
      boolean builtin = each.origin() == ServedGroupVersion.Origin.BUILTIN;
      if (builtin || contribution != null) {
        String path = (groupVersion.group().isEmpty() ? "api/" : "apis/") + groupVersion.apiVersion();
        wanted.put(path, new Parts(each, contribution));
      }
      if (builtin && !groupVersion.group().isEmpty()) {
        String path = "apis/" + groupVersion.group();
        wanted.put(path, new Parts(path, null));
      }
    }
    return wanted;
  }

  private ObjectValue buildV3(String path, Parts parts) {
    if (parts.served instanceof ServedGroupVersion served) {
      var contribution = parts.contribution;
      var writer = new OpenApiWriter(true, version, schemas, served.groupVersion());
      return contribution == null
          ? writer.write(operations(served, null), Map.of())
          : writer.writeCustom(contribution.paths(), contribution.definitions());
    }
    return new OpenApiWriter(true, version, schemas, null).write(RootOperations.of(path), Map.of());
  }

  private Map<String, List<Operation>> operations(ServedGroupVersion served, OpenApiSource.@Nullable Contribution contribution) {
    if (contribution != null) {
      return contribution.paths();
    }
    return ResourceOperations.of(served, schemas);
  }

  private ObjectValue buildV2(DiscoverySnapshot snapshot) {
    var operations = new TreeMap<String, List<Operation>>();
    var definitions = new TreeMap<String, ObjectValue>();
    for (Map.Entry<String, Parts> each : new ArrayList<>(wanted(snapshot).entrySet())) {
      Parts parts = each.getValue();
      if (parts.served instanceof ServedGroupVersion served) {
        operations.putAll(operations(served, parts.contribution));
        if (parts.contribution != null) {
          definitions.putAll(parts.contribution.v2Definitions());
        }
      } else {
        operations.putAll(RootOperations.of(each.getKey()));
      }
    }
    return new OpenApiWriter(false, version, schemas, null).write(operations, definitions);
  }
}
