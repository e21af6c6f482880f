package io.thyra.schema;

import static org.assertj.core.api.Assertions.assertThat;

import io.thyra.model.GroupVersionKind;
import io.thyra.model.GroupVersionResource;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class BuiltinSchemasTest {
  private final Schemas schemas = Schemas.builtin();

  private Struct type(String name) {
    return schemas.findType(name).orElseThrow(() -> new AssertionError("no type " + name));
  }

  private static FieldSchema field(Struct type, String name) {
    return Objects.requireNonNull(type.field(name), () -> type + " has no field " + name);
  }

  @Test
  void mergesContainersByName() {
    FieldSchema containers = field(type("io.k8s.api.core.v1.PodSpec"), "containers");

    assertThat(containers.number()).isEqualTo(2);
    assertThat(containers.required()).isTrue();
    assertThat(containers.omitEmpty()).isFalse();
    assertThat(containers.patchMergeKey()).isEqualTo("name");
    assertThat(containers.patchStrategy()).isEqualTo("merge");
    assertThat(containers.goName()).isEqualTo("Containers");
    assertThat(containers.goType()).isEqualTo("[]v1.Container");
    assertThat(containers.shape())
        .isEqualTo(new ListOf(type("io.k8s.api.core.v1.Container"), ListOf.Type.MAP, List.of("name"), false));
  }

  @Test
  void identifiesServicePortsByPortAndProtocol() {
    FieldSchema ports = field(type("io.k8s.api.core.v1.ServiceSpec"), "ports");

    assertThat(ports.shape()).isEqualTo(
        new ListOf(type("io.k8s.api.core.v1.ServicePort"), ListOf.Type.MAP, List.of("port", "protocol"), false));
    assertThat(ports.patchMergeKey()).isEqualTo("port");
    assertThat(field(type("io.k8s.api.core.v1.ServicePort"), "protocol").defaultJson()).isEqualTo("\"TCP\"");
  }

  @Test
  void printsTheSelectorOfDeploymentsEvenWhenItIsMissing() {
    FieldSchema selector = field(type("io.k8s.api.apps.v1.DeploymentSpec"), "selector");

    assertThat(selector.required()).isTrue();
    assertThat(selector.pointer()).isTrue();
    assertThat(selector.omitEmpty()).isFalse();
    assertThat(selector.shape()).isInstanceOfSatisfying(Struct.class, struct -> assertThat(struct.atomic()).isTrue());
  }

  @Test
  void leavesOutCreationTimestampWhenZero() {
    FieldSchema created = field(type("io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta"), "creationTimestamp");

    assertThat(created.shape()).isEqualTo(Scalar.TIME);
    assertThat(created.pointer()).isFalse();
    assertThat(created.omitEmpty()).isTrue();
  }

  @Test
  void startsObjectsWithKindAndApiVersion() {
    Struct pod = schemas.findKind(new GroupVersionKind("", "v1", "Pod")).orElseThrow();

    assertThat(pod.name()).isEqualTo("io.k8s.api.core.v1.Pod");
    assertThat(pod.fields()).extracting(FieldSchema::name).containsExactly("TypeMeta", "metadata", "spec", "status");
    assertThat(pod.fields().getFirst().inline()).isTrue();
    assertThat(field(pod, "kind").shape()).isEqualTo(Scalar.STRING);
    assertThat(field(pod, "metadata").goName()).isEqualTo("ObjectMeta");
    assertThat(field(pod, "status").omitEmpty()).isFalse();
  }

  @Test
  void showsTheFieldsOfInlineStructs() {
    Struct volume = type("io.k8s.api.core.v1.Volume");

    assertThat(field(volume, "configMap").number()).isEqualTo(19);
    assertThat(Objects.requireNonNull(volume.field(2)).inline()).isTrue();
    assertThat(volume.field("volumeSource")).isNull();
    assertThat(field(type("io.k8s.api.core.v1.Probe"), "exec").pointer()).isTrue();
  }

  @Test
  void wrapsWhatProtobufWraps() {
    Struct rule = type("io.k8s.api.authorization.v1.SubjectAccessReviewSpec");

    assertThat(field(rule, "extra").shape())
        .isEqualTo(new MapOf(new ListOf(Scalar.STRING, ListOf.Type.ATOMIC, List.of(), true), false));
    assertThat(field(type("io.k8s.apimachinery.pkg.apis.meta.v1.APIResource"), "verbs").goType()).isEqualTo("v1.Verbs");
  }

  @Test
  void keepsTheClaimReferenceGranularWhileTheTypeIsAtomic() {
    Struct reference = type("io.k8s.api.core.v1.ObjectReference");
    FieldSchema claim = field(type("io.k8s.api.core.v1.PersistentVolumeSpec"), "claimRef");

    assertThat(reference.atomic()).isTrue();
    assertThat(claim.shape()).isInstanceOfSatisfying(Struct.class, struct -> {
      assertThat(struct.atomic()).isFalse();
      assertThat(struct.fields()).isEqualTo(reference.fields());
    });
  }

  @Test
  void knowsScalarsByTheirGoTypes() {
    Struct spec = type("io.k8s.api.core.v1.PodSpec");

    assertThat(field(spec, "dnsPolicy").goType()).isEqualTo("v1.DNSPolicy");
    assertThat(field(spec, "dnsPolicy").enumValues()).contains("ClusterFirst", "Default", "None");
    assertThat(field(spec, "terminationGracePeriodSeconds").goType()).isEqualTo("*int64");
    assertThat(field(type("io.k8s.api.core.v1.ResourceRequirements"), "limits").shape()).isEqualTo(new MapOf(Scalar.QUANTITY, false));
    assertThat(field(type("io.k8s.api.core.v1.ServicePort"), "targetPort").shape()).isEqualTo(Scalar.INT_OR_STRING);
  }

  @Test
  void tellsTheDefaultsThatOpenApiAdds() {
    assertThat(field(type("io.k8s.api.core.v1.Container"), "name").defaultJson()).isNull();
    assertThat(field(type("io.k8s.api.core.v1.Container"), "name").openApiDefault()).isEqualTo("\"\"");
    assertThat(field(type("io.k8s.api.core.v1.Pod"), "metadata").openApiDefault()).isEqualTo("{}");
    assertThat(field(type("io.k8s.api.core.v1.PodSpec"), "nodeName").openApiDefault()).isNull();
  }

  @Test
  void registersOptionsInEveryGroupVersion() {
    for (String name : List.of("DeleteOptions", "ListOptions", "WatchEvent")) {
      assertThat(schemas.findKind(new GroupVersionKind("apps", "v1", name)))
          .contains(type("io.k8s.apimachinery.pkg.apis.meta.v1." + name));
    }
    assertThat(schemas.findKind(new GroupVersionKind("", "v1", "Status"))).isPresent();
    assertThat(schemas.findKind(new GroupVersionKind("meta.k8s.io", "v1", "PartialObjectMetadataList"))).isPresent();
    assertThat(schemas.findKind(new GroupVersionKind("meta.k8s.io", "v1", "Table"))).isPresent();
    assertThat(schemas.findKind(new GroupVersionKind("apps", "v1", "Pod"))).isEmpty();
  }

  @Test
  void hasTypesThatTheArtifactsLack() {
    assertThat(schemas.findKind(new GroupVersionKind("apiregistration.k8s.io", "v1", "APIService"))).isPresent();
    Struct device = type("io.k8s.api.resource.v1beta1.Device");
    assertThat(field(device, "basic").pointer()).isTrue();
    assertThat(field(type("io.k8s.api.resource.v1beta2.DeviceRequest"), "exactly").number()).isPositive();
  }

  @Test
  void describesTypesAndFields() {
    assertThat(type("io.k8s.api.core.v1.Pod").description()).startsWith("Pod is a collection of containers");
    assertThat(field(type("io.k8s.api.core.v1.PodSpec"), "containers").description()).doesNotContain("+listType").isNotEmpty();
  }

  @Test
  void numbersNoTwoFieldsAlike() {
    for (Struct type : schemas.types()) {
      var numbers = new HashSet<Integer>();
      var names = new HashSet<String>();
      for (FieldSchema field : type.fields()) {
        assertThat(field.number() == 0 || numbers.add(field.number())).as("%s.%s", type, field).isTrue();
        assertThat(names.add(field.name())).as("%s.%s", type, field).isTrue();
      }
    }
  }

  @Test
  void resolvesEveryTypeAndKindThatResourcesName() {
    assertThat(schemas.resources()).hasSize(95);
    assertThat(schemas.resources()).filteredOn(ResourceSchema::servedByDefault).hasSize(68);
    for (ResourceSchema resource : schemas.resources()) {
      assertThat(schemas.findKind(resource.kind())).as("%s", resource.kind()).isPresent();
      assertThat(schemas.findResource(resource.resource())).contains(resource);
      if (resource.verbs().contains("list") && !resource.resource().resource().equals("componentstatuses")) {
        GroupVersionKind kind = resource.kind();
        assertThat(schemas.findKind(new GroupVersionKind(kind.group(), kind.version(), kind.kind() + "List"))).as("%s", kind).isPresent();
      }
      for (ResourceSchema.Subresource subresource : resource.subresources()) {
        assertThat(schemas.findKind(subresource.kind())).as("%s", subresource).isPresent();
      }
    }
  }

  @Test
  void listsResourcesAsDiscoveryDoes() {
    ResourceSchema pods = schemas.findResource(new GroupVersionResource("", "v1", "pods")).orElseThrow();

    assertThat(pods.singular()).isEqualTo("pod");
    assertThat(pods.namespaced()).isTrue();
    assertThat(pods.shortNames()).containsExactly("po");
    assertThat(pods.categories()).containsExactly("all");
    assertThat(pods.verbs()).containsExactly("create", "delete", "deletecollection", "get", "list", "patch", "update", "watch");
    assertThat(pods.subresources()).extracting(ResourceSchema.Subresource::name).containsExactly(
        "attach", "binding", "ephemeralcontainers", "eviction", "exec", "log", "portforward", "proxy", "resize", "status");
    assertThat(pods.subresources()).filteredOn(subresource -> subresource.name().equals("eviction"))
        .extracting(ResourceSchema.Subresource::kind).containsExactly(new GroupVersionKind("policy", "v1", "Eviction"));
    assertThat(schemas.findResource(new GroupVersionResource("", "v1", "endpoints")).orElseThrow().singular()).isEqualTo("endpoints");
  }

  @Test
  void reachesOnlyTypesThatAreKnown() {
    var open = new ArrayDeque<Shape>(schemas.types());
    var seen = new HashSet<String>();
    while (!open.isEmpty()) {
      switch (open.poll()) {
        case Struct struct -> {
          assertThat(schemas.findType(struct.name())).isPresent();
          if (seen.add(struct.name())) {
            struct.fields().forEach(field -> open.add(field.shape()));
          }
        }
        case ListOf list -> open.add(list.item());
        case MapOf map -> open.add(map.value());
        case Scalar _, Anything _ -> {}
      }
    }
    assertThat(seen).hasSize(schemas.types().size());
  }
}
