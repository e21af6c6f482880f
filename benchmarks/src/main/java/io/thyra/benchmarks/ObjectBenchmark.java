package io.thyra.benchmarks;

import io.thyra.codec.Canonical;
import io.thyra.codec.JsonReader;
import io.thyra.codec.JsonWriter;
import io.thyra.codec.ProtobufReader;
import io.thyra.codec.ProtobufWriter;
import io.thyra.groups.BuiltinGroups;
import io.thyra.machinery.JsonMergePatch;
import io.thyra.machinery.StrategicMergePatch;
import io.thyra.machinery.apply.EmptyObject;
import io.thyra.machinery.apply.FieldManager;
import io.thyra.machinery.apply.VersionConverter;
import io.thyra.model.FieldError;
import io.thyra.model.GroupVersionKind;
import io.thyra.model.ObjectValue;
import io.thyra.model.RequestInfo;
import io.thyra.model.UserInfo;
import io.thyra.model.Value;
import io.thyra.registry.RequestContext;
import io.thyra.registry.ResourceDefinition;
import io.thyra.registry.ResourceStrategy;
import io.thyra.registry.VersionedType;
import io.thyra.schema.Schemas;
import io.thyra.schema.Struct;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/// The way of one Pod of eight containers: decoded, defaulted, validated, patched, applied, owned, encoded. `compareOwned` is
/// the walk that finds what an update changed when nothing is shared with what was there.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class ObjectBenchmark {
  private static final GroupVersionKind POD = new GroupVersionKind("", "v1", "Pod");
  private static final int CONTAINERS = 8;

  private Struct type;
  private byte[] json;
  private byte[] protobuf;
  private ObjectValue pod;
  private ObjectValue changed;
  private Value patch;
  private FieldManager managers;
  private ObjectValue sent;
  private ObjectValue applied;
  private ObjectValue config;
  private VersionedType version;
  private ResourceStrategy strategy;
  private RequestContext context;

  @Setup
  public void prepare() {
    type = Schemas.builtin().findKind(POD).orElseThrow();
    json = document().getBytes(java.nio.charset.StandardCharsets.UTF_8);
    pod = Canonical.complete(JsonReader.read(json), type);
    protobuf = ProtobufWriter.writeMessage(pod, type);
    patch = JsonReader.read("{\"metadata\":{\"labels\":{\"flip\":\"b\"}},\"spec\":{\"containers\":[{\"name\":\"c3\",\"image\":\"other\"}]}}");
    changed = StrategicMergePatch.apply(pod, patch, type).patched();
    managers = new FieldManager(new FieldManager.Scope(POD, "", EmptyObject.of(type), Map.of(), false), new OneVersion(type), Clock.systemUTC());
    sent = pod;
    pod = managers.update(EmptyObject.of(type), pod, "bench");
    config = (ObjectValue) JsonReader.read("{\"kind\":\"Pod\",\"apiVersion\":\"v1\",\"metadata\":{\"name\":\"p\",\"labels\":{\"applied\":\"yes\"}}}");
    applied = Canonical.complete(managers.apply(pod, config, "applier", false), type);
    ResourceDefinition definition =
        BuiltinGroups.all(Schemas.builtin(), Nothing.needs(), Clock.systemUTC()).stream()
            .filter(each -> each.hub().equals(POD))
            .findFirst()
            .orElseThrow();
    version = definition.hubVersion();
    strategy = definition.strategy();
    var info = new RequestInfo(true, "/api/v1/namespaces/default/pods", "create", "api", "", "v1", "default", "pods", "", "");
    context = new RequestContext(info, new UserInfo("bench", "", List.of(), Map.of()), "bench", false, Instant.EPOCH);
  }

  private static String document() {
    var text = new StringBuilder("{\"kind\":\"Pod\",\"apiVersion\":\"v1\",\"metadata\":{\"name\":\"p\",\"namespace\":\"default\",\"labels\":{\"app\":\"x\"}},\"spec\":{\"containers\":[");
    for (int i = 0; i < CONTAINERS; i++) {
      text.append(i == 0 ? "" : ",")
          .append("{\"name\":\"c").append(i).append("\",\"image\":\"registry/image:1\",\"env\":[{\"name\":\"A\",\"value\":\"1\"},{\"name\":\"B\",\"value\":\"2\"}],")
          .append("\"ports\":[{\"containerPort\":80").append(i).append("}],\"resources\":{\"requests\":{\"cpu\":\"100m\",\"memory\":\"64Mi\"}}}");
    }
    return text.append("]}}").toString();
  }

  @Benchmark
  public Object decodeJson() {
    return Canonical.complete(JsonReader.read(json), type);
  }

  @Benchmark
  public Object decodeProtobuf() {
    return ProtobufReader.readMessage(protobuf, type);
  }

  @Benchmark
  public Object encodeJson() {
    return JsonWriter.write(pod);
  }

  @Benchmark
  public Object encodeProtobuf() {
    return ProtobufWriter.writeMessage(pod, type);
  }

  @Benchmark
  public Object strategicPatch() {
    return StrategicMergePatch.apply(pod, patch, type);
  }

  @Benchmark
  public Object ownUpdate() {
    return managers.update(pod, changed, "other");
  }

  @Benchmark
  public Object decodePatched() {
    return Canonical.decode(changed, type, sent).object();
  }

  @Benchmark
  public Object applyDefaults() {
    return version.defaults().apply(sent);
  }

  @Benchmark
  public Object validate() {
    var errors = new ArrayList<FieldError>();
    strategy.validateCreate(context, sent, errors);
    return errors;
  }

  @Benchmark
  public Object mergePatch() {
    return JsonMergePatch.apply(pod, patch, false);
  }

  @Benchmark
  public Object compareOwned() {
    return managers.update(EmptyObject.of(type), sent, "bench");
  }

  @Benchmark
  public Object apply() {
    return managers.apply(pod, config, "applier", false);
  }

  @Benchmark
  public Object applyUnchanged() {
    return managers.apply(applied, config, "applier", false);
  }

  private record OneVersion(Struct type) implements VersionConverter {
    @Override
    public Optional<Struct> findType(String apiVersion) {
      return Optional.of(type);
    }

    @Override
    public ObjectValue convert(ObjectValue object, String apiVersion) {
      return object;
    }
  }
}
