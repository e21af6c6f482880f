package io.thyra.admission;

import io.thyra.cache.CacheOptions;
import io.thyra.codec.Canonical;
import io.thyra.codec.JsonReader;
import io.thyra.model.ApiException;
import io.thyra.model.AuditAnnotation;
import io.thyra.model.Authorizer;
import io.thyra.model.GroupResource;
import io.thyra.model.GroupVersionKind;
import io.thyra.model.ObjectValue;
import io.thyra.model.RequestInfo;
import io.thyra.model.UserInfo;
import io.thyra.registry.Admission;
import io.thyra.registry.AdmissionAttributes;
import io.thyra.registry.AdmissionAttributes.Operation;
import io.thyra.registry.CreateAuthorization;
import io.thyra.registry.Metadata;
import io.thyra.registry.Registry;
import io.thyra.registry.RequestContext;
import io.thyra.registry.ResourceDefinition;
import io.thyra.registry.ResourceStrategy;
import io.thyra.registry.Subresource;
import io.thyra.registry.TableColumns;
import io.thyra.registry.VersionedType;
import io.thyra.schema.Schemas;
import io.thyra.storage.testkit.ModelStorage;
import io.thyra.storage.testkit.TestClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.Collectors;

/// Objects in a model store, the chain of plugins over them, and requests that are put to it. No kind has rules of its own.
final class Cluster implements AutoCloseable {
  private static final Map<String, GroupVersionKind> KINDS = new HashMap<>();

  static {
    kind("pods", "", "v1", "Pod");
    kind("nodes", "", "v1", "Node");
    kind("namespaces", "", "v1", "Namespace");
    kind("configmaps", "", "v1", "ConfigMap");
    kind("services", "", "v1", "Service");
    kind("serviceaccounts", "", "v1", "ServiceAccount");
    kind("persistentvolumeclaims", "", "v1", "PersistentVolumeClaim");
    kind("limitranges", "", "v1", "LimitRange");
    kind("resourcequotas", "", "v1", "ResourceQuota");
    kind("deployments", "apps", "v1", "Deployment");
    kind("priorityclasses", "scheduling.k8s.io", "v1", "PriorityClass");
    kind("storageclasses", "storage.k8s.io", "v1", "StorageClass");
    kind("runtimeclasses", "node.k8s.io", "v1", "RuntimeClass");
    kind("ingresses", "networking.k8s.io", "v1", "Ingress");
    kind("ingressclasses", "networking.k8s.io", "v1", "IngressClass");
    kind("certificatesigningrequests", "certificates.k8s.io", "v1", "CertificateSigningRequest");
    kind("deviceclasses", "resource.k8s.io", "v1", "DeviceClass");
    kind("resourceclaims", "resource.k8s.io", "v1", "ResourceClaim");
    kind("mutatingwebhookconfigurations", "admissionregistration.k8s.io", "v1", "MutatingWebhookConfiguration");
    kind("validatingadmissionpolicies", "admissionregistration.k8s.io", "v1", "ValidatingAdmissionPolicy");
    kind("validatingadmissionpolicybindings", "admissionregistration.k8s.io", "v1", "ValidatingAdmissionPolicyBinding");
    kind("validatingwebhookconfigurations", "admissionregistration.k8s.io", "v1", "ValidatingWebhookConfiguration");
  }

  private static void kind(String resource, String group, String version, String kind) {
    KINDS.put(resource, new GroupVersionKind(group, version, kind));
  }

  private static final List<String> CLUSTER_WIDE =
      List.of(
          "nodes", "namespaces", "priorityclasses", "storageclasses", "runtimeclasses", "ingressclasses", "certificatesigningrequests",
          "deviceclasses", "mutatingwebhookconfigurations", "validatingwebhookconfigurations", "validatingadmissionpolicies",
          "validatingadmissionpolicybindings");

  final TestClock clock = new TestClock();
  final List<Duration> pauses = new ArrayList<>();
  UserInfo user = new UserInfo("alice", "", List.of());
  private final ModelStorage storage = new ModelStorage(clock);
  final Registry registry =
      new Registry(storage, CacheOptions.DEFAULT, clock, (_, _) -> () -> {}, CreateAuthorization.ALLOWED, _ -> Admission.NONE);
  private final AdmissionChain chain;
  private List<String> warnings = List.of();
  private List<AuditAnnotation> annotations = List.of();

  Cluster() {
    this(Settings.DEFAULT, _ -> Authorizer.Decision.NO_OPINION);
  }

  Cluster(Settings settings, Authorizer authorizer) {
    this(settings, authorizer, _ -> Map.of());
  }

  /// @param others plugins that are made elsewhere
  Cluster(Settings settings, Authorizer authorizer, Function<Registry, Map<String, Plugin>> others) {
    KINDS.forEach(this::register);
    chain = AdmissionChain.of(settings, registry, authorizer, new Random(1), others.apply(registry), AdmissionTimes.NONE, pauses::add);
    put("namespaces", "{metadata: {name: ns}, status: {phase: Active}}");
    put("serviceaccounts", "{metadata: {name: default, namespace: ns}}");
  }

  /// With plugins switched on beside the default ones.
  static Cluster with(String... plugins) {
    return new Cluster(new Settings(List.of(plugins), List.of()), _ -> Authorizer.Decision.NO_OPINION);
  }

  private void register(String resource, GroupVersionKind kind) {
    VersionedType version = VersionedType.same(kind, Schemas.builtin().findKind(kind).orElseThrow(), o -> o);
    var builder =
        ResourceDefinition.builder(new GroupResource(kind.group(), resource))
            .storedUnder("/registry/" + resource + "/")
            .versions(kind, List.of(version))
            .subresource("status", new Subresource.Part(new ResourceStrategy() {}, true))
            .columns(
                new TableColumns(
                    List.of(new TableColumns.Column("Name", "string", "name", "The name", 0)),
                    (object, _) -> List.of(io.thyra.model.Value.of(Metadata.name(object)))));
    ResourceDefinition definition = (CLUSTER_WIDE.contains(resource) ? builder.clusterScoped() : builder).build();
    registry.register(definition).toCompletionStage().toCompletableFuture().join();
  }

  static GroupResource resource(String name) {
    return new GroupResource(kindOf(name).group(), name);
  }

  private static GroupVersionKind kindOf(String resource) {
    return Optional.ofNullable(KINDS.get(resource)).orElseThrow();
  }

  /// An object in canonical form, of YAML in one line.
  static ObjectValue object(String resource, String yaml) {
    GroupVersionKind kind = kindOf(resource);
    ObjectValue raw = (ObjectValue) io.thyra.codec.YamlReader.read(yaml.getBytes(java.nio.charset.StandardCharsets.UTF_8)).root();
    ObjectValue typed = raw.with("kind", kind.kind()).with("apiVersion", kind.apiVersion());
    return Canonical.complete(typed, Schemas.builtin().findKind(kind).orElseThrow());
  }

  static ObjectValue json(String text) {
    return (ObjectValue) JsonReader.read(text);
  }

  /// Stores an object past admission, and waits until the cache has it.
  ObjectValue put(String resource, String yaml) {
    ObjectValue stored = registry.create(Registry.SYSTEM, resource(resource), object(resource, yaml));
    while (registry.peek(resource(resource), Metadata.namespace(stored), Metadata.name(stored)).isEmpty()) {
      Thread.onSpinWait();
    }
    return stored;
  }

  ObjectValue find(String resource, String name) {
    return registry.get(resource(resource), CLUSTER_WIDE.contains(resource) ? "" : "ns", name);
  }

  // Requests.

  AdmissionAttributes attributes(Operation operation, String resource, String subresource, ObjectValue object, ObjectValue old) {
    GroupVersionKind kind = kindOf(resource);
    String name = Metadata.name(object.isEmpty() ? old : object);
    String namespace = resource.equals("namespaces") ? name : CLUSTER_WIDE.contains(resource) ? "" : namespace(object);
    var info =
        new RequestInfo(
            true, "/", operation.name().toLowerCase(java.util.Locale.ROOT), "api", kind.group(), kind.version(), namespace, resource,
            subresource, name);
    return new AdmissionAttributes(
        operation,
        kind,
        kind.groupVersion().resource(resource),
        subresource,
        namespace,
        name,
        Optional.of(object).filter(o -> !o.isEmpty()),
        Optional.of(old).filter(o -> !o.isEmpty()),
        Optional.empty(),
        new RequestContext(info, user, "test", false, clock.instant()));
  }

  private static String namespace(ObjectValue object) {
    String namespace = Metadata.namespace(object);
    return namespace.isEmpty() ? "ns" : namespace;
  }

  /// The object as both rounds of the chain leave it.
  ObjectValue create(String resource, String yaml) {
    return ask(attributes(Operation.CREATE, resource, "", object(resource, yaml), ObjectValue.EMPTY));
  }

  ObjectValue update(String resource, String subresource, ObjectValue object, ObjectValue old) {
    return ask(attributes(Operation.UPDATE, resource, subresource, object, old));
  }

  void delete(String resource, String name) {
    ObjectValue old = Metadata.with(ObjectValue.EMPTY, "name", name);
    ask(attributes(Operation.DELETE, resource, "", ObjectValue.EMPTY, old));
  }

  private ObjectValue ask(AdmissionAttributes attributes) {
    try {
      ObjectValue object = chain.mutate(attributes);
      chain.validate(attributes.operation() == Operation.DELETE ? attributes : attributes.withObject(object));
      return object;
    } finally {
      warnings = attributes.context().warnings();
      annotations = attributes.context().annotations();
    }
  }

  /// What the audit log is told of the last request.
  Map<String, String> annotations() {
    return annotations.stream().collect(Collectors.toMap(AuditAnnotation::key, AuditAnnotation::value));
  }

  /// Of the last request.
  List<String> warnings() {
    return warnings;
  }

  /// The answer to a request that is refused.
  static ApiException refusal(Runnable request) {
    try {
      request.run();
    } catch (ApiException e) {
      return e;
    }
    throw new AssertionError("was not refused");
  }

  String refusedCreate(String resource, String yaml) {
    return refusal(() -> create(resource, yaml)).getMessage();
  }

  @Override
  public void close() {
    registry.close();
  }
}
