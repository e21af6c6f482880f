package io.thyra.groups;

import static org.assertj.core.api.Assertions.assertThat;

import io.thyra.codec.Canonical;
import io.thyra.codec.YamlReader;
import io.thyra.model.FieldError;
import io.thyra.model.GroupResource;
import io.thyra.model.ObjectValue;
import io.thyra.model.RequestInfo;
import io.thyra.model.UserInfo;
import io.thyra.registry.RequestContext;
import io.thyra.registry.ResourceDefinition;
import io.thyra.registry.ResourceStrategy;
import io.thyra.registry.Subresource;
import io.thyra.registry.VersionedType;
import io.thyra.schema.Schemas;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// Kinds that are served only where somebody asks for them.
class GatedKindsTest {
  private static final RequestContext CONTEXT =
      new RequestContext(
          new RequestInfo(true, "/", "create", "apis", "", "", "ns", "", "", ""),
          new UserInfo("alice", "", List.of()),
          "test",
          false,
          Instant.EPOCH);
  private static final String POLICY = "schedulingPolicy: {gang: {minCount: 2}}";

  private static ResourceDefinition definition(GroupResource resource, String... features) {
    GroupDependencies needs = RecordedWrites.needs();
    var gated =
        new GroupDependencies(
            needs.objects(), needs.allocators(), needs.tokens(), needs.reviews(), needs.components(), needs.privilegedPods(),
            needs.authorizer(), needs.escalation(), Set.of(features));
    return BuiltinGroups.all(Schemas.builtin(), gated, Clock.systemUTC()).stream()
        .filter(definition -> definition.resource().equals(resource))
        .findFirst()
        .orElseThrow();
  }

  private static ResourceDefinition workloads(String... features) {
    return definition(new GroupResource("scheduling.k8s.io", "workloads"), features);
  }

  private static ResourceDefinition podGroups(String... features) {
    return definition(new GroupResource("scheduling.k8s.io", "podgroups"), features);
  }

  private static ObjectValue object(ResourceDefinition definition, String fields) {
    VersionedType type = definition.hubVersion();
    String place = definition.namespaced() ? ", namespace: ns" : "";
    String text = "{metadata: {name: a, resourceVersion: '1'" + place + "}, " + fields + "}";
    var raw = (ObjectValue) YamlReader.read(text.getBytes(StandardCharsets.UTF_8)).root();
    return type.defaults().apply(Canonical.complete(raw, type.struct()));
  }

  private static String created(ResourceDefinition definition, String fields) {
    var errors = new ArrayList<FieldError>();
    ObjectValue object = definition.strategy().prepareForCreate(CONTEXT, object(definition, fields));
    definition.strategy().validateCreate(CONTEXT, object, errors);
    return text(errors);
  }

  private static String updated(ResourceDefinition definition, String before, String after) {
    return updated(definition, definition.strategy(), before, after);
  }

  private static String updated(ResourceDefinition definition, ResourceStrategy strategy, String before, String after) {
    var errors = new ArrayList<FieldError>();
    ObjectValue old = object(definition, before);
    ObjectValue object = strategy.prepareForUpdate(CONTEXT, object(definition, after), old);
    strategy.validateUpdate(CONTEXT, object, old, errors);
    return text(errors);
  }

  private static String text(List<FieldError> errors) {
    return String.join("; ", errors.stream().map(FieldError::toString).toList());
  }

  @Test
  void areNotThereWithoutTheirGates() {
    ResourceDefinition requests = definition(new GroupResource("certificates.k8s.io", "podcertificaterequests"));
    assertThat(requests.isOn(Set.of())).isFalse();
    assertThat(requests.isOn(Set.of("PodCertificateRequest"))).isTrue();
    assertThat(requests.toBuilder().build().isOn(Set.of())).isFalse();
    assertThat(definition(new GroupResource("certificates.k8s.io", "clustertrustbundles")).isOn(Set.of("ClusterTrustBundle"))).isTrue();
    assertThat(workloads().isOn(Set.of())).isFalse();
    assertThat(podGroups().isOn(Set.of("GenericWorkload"))).isTrue();
    assertThat(definition(new GroupResource("storagemigration.k8s.io", "storageversionmigrations")).isOn(Set.of())).isFalse();
    assertThat(definition(new GroupResource("", "pods")).isOn(Set.of())).isTrue();
  }

  @Test
  void refusesWorkloadsWithoutTemplatesOrWithTwoOfOneName() {
    String template = "{name: t, " + POLICY + "}";
    assertThat(created(workloads(), "spec: {podGroupTemplates: [" + template + "]}")).isEmpty();
    assertThat(created(workloads(), "spec: {}")).isEqualTo("spec.podGroupTemplates: Required value");
    assertThat(created(workloads(), "spec: {podGroupTemplates: [" + template + ", " + template + "]}"))
        .startsWith("spec.podGroupTemplates[1]: Duplicate value: {\"name\":\"t\"");
  }

  @Test
  void refusesPoliciesThatSayBothOrNothing() {
    assertThat(created(podGroups(), "spec: {schedulingPolicy: {}}"))
        .isEqualTo("spec.schedulingPolicy: Invalid value: \"\": must specify one of: `basic`, `gang`");
    assertThat(created(podGroups(), "spec: {schedulingPolicy: {basic: {}, gang: {minCount: 0}}}"))
        .isEqualTo(
            "spec.schedulingPolicy: Invalid value: \"{basic, gang}\": must specify exactly one of: `basic`, `gang`;"
                + " spec.schedulingPolicy.gang.minCount: Required value");
  }

  @Test
  void keepsPodGroupsAsTheyWereMade() {
    assertThat(updated(podGroups(), "spec: {" + POLICY + "}", "spec: {" + POLICY + "}")).isEmpty();
    assertThat(updated(podGroups(), "spec: {" + POLICY + "}", "spec: {schedulingPolicy: {gang: {minCount: 3}}}"))
        .isEqualTo("spec.schedulingPolicy: Invalid value: null: field is immutable");
  }

  @Test
  void dropsFieldsOfGatesThatAreOff() {
    String fields = "spec: {" + POLICY + ", priority: 5, priorityClassName: A}";
    ResourceDefinition off = podGroups();
    ObjectValue kept = off.strategy().prepareForCreate(CONTEXT, object(off, fields)).object("spec");
    assertThat(kept.has("priority")).isFalse();
    assertThat(kept.has("priorityClassName")).isFalse();
    assertThat(created(off, fields)).isEmpty();
    assertThat(created(podGroups("WorkloadAwarePreemption"), fields)).startsWith("spec.priorityClassName: Invalid value: \"A\"");
  }

  @Test
  void answersAPoolStatusRequestOnce() {
    ResourceDefinition definition = definition(new GroupResource("resource.k8s.io", "resourcepoolstatusrequests"));
    ResourceStrategy status = ((Subresource.Part) definition.findSubresource("status").orElseThrow()).strategy();
    String spec = "spec: {driver: d.io}";
    assertThat(updated(definition, status, spec, spec + ", status: {}")).isEqualTo("status.poolCount: Required value");
    assertThat(updated(definition, status, spec, spec + ", status: {poolCount: 1}")).isEmpty();
    assertThat(updated(definition, status, spec + ", status: {poolCount: 1}", spec + ", status: {poolCount: 2}"))
        .isEqualTo("status: Invalid value: {\"PoolCount\":2,\"Pools\":null,\"Conditions\":null}: field is immutable");
    assertThat(created(definition, "spec: {driver: d.io, limit: 0, poolName: a//b}"))
        .isEqualTo(
            "spec.poolName: Invalid value: \"a//b\": segment 1: must not be empty;"
                + " spec.limit: Invalid value: 0: must be greater than or equal to 1");
  }

  @Test
  void wantsAProofThatTheKeyOfAPodIsItsOwn() throws GeneralSecurityException {
    ResourceDefinition definition = definition(new GroupResource("certificates.k8s.io", "podcertificaterequests"));
    KeyPair pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
    assertThat(created(definition, request(pair, "uid"))).isEmpty();
    assertThat(created(definition, request(pair, "other")))
        .isEqualTo("spec.proofOfPossession: Invalid value: could not verify proof-of-possession signature");
  }

  private static String request(KeyPair pair, String signed) throws GeneralSecurityException {
    Signature signature = Signature.getInstance("Ed25519");
    signature.initSign(pair.getPrivate());
    signature.update(signed.getBytes(StandardCharsets.UTF_8));
    Base64.Encoder base64 = Base64.getEncoder();
    return "spec: {signerName: example.com/s, podName: p, podUID: uid, serviceAccountName: sa, serviceAccountUID: u, nodeName: node,"
        + " nodeUID: u, maxExpirationSeconds: 3600, pkixPublicKey: '"
        + base64.encodeToString(pair.getPublic().getEncoded())
        + "', proofOfPossession: '"
        + base64.encodeToString(signature.sign())
        + "'}";
  }
}
