package io.thyra.groups;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.thyra.codec.Canonical;
import io.thyra.codec.JsonReader;
import io.thyra.model.FieldError;
import io.thyra.model.GroupResource;
import io.thyra.model.ObjectValue;
import io.thyra.model.RequestInfo;
import io.thyra.model.UserInfo;
import io.thyra.registry.RequestContext;
import io.thyra.registry.ResourceDefinition;
import io.thyra.registry.ResourceStrategy;
import io.thyra.registry.VersionedType;
import io.thyra.schema.Schemas;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// Rules of single kinds that a comparison with the real server found wanting.
class WriteRulesTest {
  private static final Instant NOW = Instant.parse("2024-05-06T07:08:09Z");
  private static final Map<GroupResource, ResourceDefinition> KINDS =
      BuiltinGroups.all(Schemas.builtin(), RecordedWrites.needs(), Clock.fixed(NOW, ZoneOffset.UTC)).stream()
          .collect(Collectors.toMap(ResourceDefinition::resource, Function.identity()));

  /// One kind in one version, written to without a store.
  private record Writes(ResourceDefinition definition, VersionedType type) {
    static Writes to(String group, String version, String resource) {
      ResourceDefinition definition = KINDS.get(new GroupResource(group, resource));
      return new Writes(definition, definition.findVersion(version).orElseThrow());
    }

    private RequestContext context(String verb) {
      var info =
          new RequestInfo(
              true, "/", verb, "apis", type.kind().group(), type.kind().version(), "ns", definition.resource().resource(), "", "a");
      return new RequestContext(info, new UserInfo("admin", "", List.of("system:masters")), "test", false, NOW);
    }

    ObjectValue decoded(String json) {
      ObjectValue read = (ObjectValue) JsonReader.read(json.replace('\'', '"'));
      ObjectValue object = Canonical.complete(read, type.struct()).change("metadata", m -> m.with("name", "a"));
      if (definition.namespaced()) {
        object = object.change("metadata", m -> m.with("namespace", "ns"));
      }
      return type.toHub().apply(type.defaults().apply(object));
    }

    ObjectValue created(String json) {
      return definition.strategy().prepareForCreate(context("create"), decoded(json));
    }

    List<String> refusals(String json) {
      var errors = new ArrayList<FieldError>();
      definition.strategy().validateCreate(context("create"), created(json), errors);
      return errors.stream().map(FieldError::toString).toList();
    }

    ObjectValue updated(String before, String after) {
      return definition.strategy().prepareForUpdate(context("update"), decoded(after), created(before));
    }

    List<String> refusals(String before, String after) {
      ResourceStrategy strategy = definition.strategy();
      var errors = new ArrayList<FieldError>();
      strategy.validateUpdate(context("update"), updated(before, after), created(before), errors);
      return errors.stream().map(error -> error.field() + ": " + error.value() + ": " + error.detail()).toList();
    }
  }

  @Test
  void autoscalersOfV1CarryWhatTheyHaveNoFieldsForInAnnotations() {
    Writes v1 = Writes.to("autoscaling", "v1", "horizontalpodautoscalers");
    ObjectValue hub =
        Writes.to("autoscaling", "v2", "horizontalpodautoscalers")
            .decoded(
                "{'metadata':{},'spec':{'maxReplicas':3,'metrics':[{'type':'Pods','pods':{'metric':{'name':'m'},'target':{'type':'AverageValue',"
                    + "'averageValue':'5'}}},{'type':'Resource','resource':{'name':'cpu','target':{'type':'Utilization','averageUtilization':60}}}],"
                    + "'behavior':{'scaleDown':{'stabilizationWindowSeconds':7}}}}");
    ObjectValue shown = v1.type().fromHub().apply(hub);
    ObjectValue annotations = shown.object("metadata", "annotations");
    assertThat(shown.object("spec").integer(0, "targetCPUUtilizationPercentage")).isEqualTo(60);
    assertThat(annotations.string("autoscaling.alpha.kubernetes.io/metrics"))
        .isEqualTo("[{\"type\":\"Pods\",\"pods\":{\"metricName\":\"m\",\"targetAverageValue\":\"5\"}}]");
    assertThat(annotations.string("autoscaling.alpha.kubernetes.io/behavior"))
        .startsWith("{\"ScaleUp\":{\"StabilizationWindowSeconds\":0,")
        .contains("\"ScaleDown\":{\"StabilizationWindowSeconds\":7,\"SelectPolicy\":\"Max\",\"Policies\":[{\"Type\":\"Percent\"");
    ObjectValue back = v1.type().toHub().apply(shown);
    assertThat(back.object("spec").object("behavior")).isEqualTo(hub.object("spec").object("behavior"));
    assertThat(back.list("spec", "metrics")).isEqualTo(hub.list("spec", "metrics"));
    assertThat(back.object("metadata").has("annotations")).isFalse();
  }

  @Test
  void annotationsThatAreNoMetricsAreForgotten() {
    ObjectValue hub =
        Writes.to("autoscaling", "v1", "horizontalpodautoscalers")
            .decoded("{'metadata':{'annotations':{'autoscaling.alpha.kubernetes.io/metrics':'[{]'}},'spec':{'maxReplicas':3}}");
    assertThat(hub.object("metadata").has("annotations")).isFalse();
    assertThat(hub.list("spec", "metrics").object(0).string("resource", "name")).isEqualTo("cpu");
  }

  @Test
  void emptyScalingPoliciesAreRefusedAndNotFilled() {
    assertThat(
            Writes.to("autoscaling", "v2", "horizontalpodautoscalers")
                .refusals(
                    "{'metadata':{},'spec':{'scaleTargetRef':{'apiVersion':'apps/v1','kind':'D','name':'d'},'maxReplicas':3,"
                        + "'behavior':{'scaleUp':{'policies':[]}}}}"))
        .containsExactly("spec.behavior.scaleUp.policies: Required value: must specify at least one Policy");
  }

  @Test
  void daemonSetsAlwaysCountTheirTemplate() {
    ObjectValue daemons = Writes.to("apps", "v1", "daemonsets").decoded("{'metadata':{},'spec':{}}");
    assertThat(daemons.string("metadata", "annotations", "deprecated.daemonset.template.generation")).isEqualTo("0");
  }

  @Test
  void fieldsOfPodsWhoseGatesAreOffAreDropped() {
    ObjectValue pod =
        Writes.to("", "v1", "pods")
            .created(
                "{'metadata':{},'spec':{'schedulingGroup':{'podGroupName':'g'},'containers':[{'name':'c','image':'i',"
                    + "'lifecycle':{'stopSignal':'SIGHUP'}}],'volumes':[{'name':'v','projected':{'sources':[{'podCertificate':{}}]}}]}}");
    assertThat(pod.object("spec").has("schedulingGroup")).isFalse();
    assertThat(pod.list("spec", "containers").object(0).has("lifecycle")).isFalse();
    assertThat(pod.list("spec", "volumes").object(0).list("projected", "sources").object(0)).isEqualTo(ObjectValue.EMPTY);
    ObjectValue cron =
        Writes.to("batch", "v1", "cronjobs")
            .created("{'metadata':{},'spec':{'jobTemplate':{'spec':{'template':{'spec':{'schedulingGroup':{'podGroupName':'g'}}}}}}}");
    assertThat(cron.object("spec", "jobTemplate", "spec", "template", "spec").has("schedulingGroup")).isFalse();
  }

  @Test
  void tokensMayLieOverOtherProjectedFiles() {
    String sources = "[{'serviceAccountToken':{'path':'t'}},{'downwardAPI':{'items':[{'path':'t','fieldRef':{'fieldPath':'metadata.name'}}]}}]";
    assertThat(
            Writes.to("", "v1", "pods")
                .refusals(
                    "{'metadata':{},'spec':{'serviceAccountName':'s','containers':[{'name':'c','image':'i'}],'volumes':[{'name':'v','projected':{'sources':" + sources + "}}]}}"))
        .isEmpty();
  }

  @Test
  void mountOptionsInAnAnnotationAreForOldSources() {
    assertThat(
            Writes.to("", "v1", "persistentvolumes")
                .refusals(
                    "{'metadata':{'annotations':{'volume.beta.kubernetes.io/mount-options':'ro'}},'spec':{'capacity':{'storage':'1Gi'},"
                        + "'accessModes':['ReadWriteOnce'],'hostPath':{'path':'/d'}}}"))
        .containsExactly(
            "metadata.annotations.volume.beta.kubernetes.io/mount-options: Forbidden: may not specify mount options for this volume type");
  }

  @Test
  void changedVolumesAreLookedAtTwice() {
    String good = "{'metadata':{},'spec':{'capacity':{'storage':'1Gi'},'accessModes':['ReadWriteOnce'],'nfs':{'server':'s','path':'/d'}}}";
    String bad = "{'metadata':{},'spec':{'capacity':{'storage':'1Gi'},'nfs':{'server':'s','path':'/d'}}}";
    assertThat(Writes.to("", "v1", "persistentvolumes").refusals(good, bad)).hasSize(2).allMatch(text -> text.startsWith("spec.accessModes: "));
  }

  @Test
  void azureDisksHaveAddressesOfTheirKind() {
    assertThat(
            Writes.to("", "v1", "persistentvolumes")
                .refusals(
                    "{'metadata':{},'spec':{'capacity':{'storage':'1Gi'},'accessModes':['ReadWriteOnce'],'azureDisk':{'diskName':'d','diskURI':'u',"
                        + "'kind':'Managed','cachingMode':'x'}}}"))
        .hasSize(2)
        .anyMatch(text -> text.startsWith("spec.azureDisk.cachingMode: Unsupported value: \"x\""))
        .anyMatch(text -> text.contains("/subscriptions/{sub-id}/resourcegroups"));
  }

  @Test
  void attachmentsMayBringCsiVolumesOnly() {
    assertThat(
            Writes.to("storage.k8s.io", "v1", "volumeattachments")
                .refusals(
                    "{'metadata':{},'spec':{'attacher':'a','nodeName':'n','source':{'inlineVolumeSpec':{'capacity':{'storage':'1Gi'},"
                        + "'accessModes':['ReadWriteOnce'],'hostPath':{'path':'/d'}}}}}"))
        .contains(
            "spec.source.inlineVolumeSpec.capacity: Forbidden: may not be specified in the context of inline volumes",
            "spec.source.inlineVolumeSpec.csi: Required value: has to be specified in the context of inline volumes");
  }

  @Test
  void changesOfCsiDriversAreCountedFromNothing() {
    Writes drivers = Writes.to("storage.k8s.io", "v1", "csidrivers");
    String before = "{'metadata':{},'spec':{'attachRequired':true}}";
    assertThat(drivers.created(before).object("metadata").has("generation")).isFalse();
    assertThat(drivers.updated(before, "{'metadata':{},'spec':{'attachRequired':true,'podInfoOnMount':true}}").object("metadata").integer(0, "generation"))
        .isEqualTo(1);
  }

  @Test
  void immutableTextsThatAreGonePrintAsGoHoldsThem() {
    assertThat(
            Writes.to("networking.k8s.io", "v1", "ingressclasses")
                .refusals("{'metadata':{},'spec':{'controller':'a/b'}}", "{'metadata':{},'spec':{}}"))
        .contains("spec.controller: \"\": field is immutable");
  }

  @Test
  void errorsOfUpdatesComeInTheOrderOfUpstream() {
    assertThat(
            Writes.to("storage.k8s.io", "v1", "volumeattributesclasses")
                .refusals("{'metadata':{},'driverName':'d','parameters':{'a':'b'}}", "{'metadata':{'finalizers':['x']},'driverName':'A b','parameters':{'a':'b'}}")
                .stream()
                .map(text -> text.substring(0, text.indexOf(':'))))
        .containsSubsequence("metadata.finalizers[0]", "driverName", "metadata.finalizers[0]", "driverName");
  }

  @Test
  void finalizersOfLeasesNeedNotBeQualified() {
    assertThat(
            Writes.to("coordination.k8s.io", "v1", "leases")
                .refusals("{'metadata':{'finalizers':['x']},'spec':{'holderIdentity':'h','leaseDurationSeconds':1}}"))
        .isEmpty();
  }

  @Test
  void slicesSelectNodesAsPodsDo() {
    assertThat(
            Writes.to("resource.k8s.io", "v1", "resourceslices")
                .refusals(
                    "{'metadata':{},'spec':{'driver':'d','pool':{'name':'p','resourceSliceCount':1},'nodeSelector':{'nodeSelectorTerms':"
                        + "[{'matchFields':[{'key':'k','operator':'In','values':['v']}]}]}}}"))
        .containsExactly("spec.nodeSelector.nodeSelectorTerms[0].matchFields[0].key: Invalid value: \"k\": not a valid field selector key");
  }

  @Test
  void servicesKeepTheNumbersOfTheirPorts() {
    Writes services = Writes.to("", "v1", "services");
    String before =
        "{'metadata':{},'spec':{'type':'NodePort','clusterIP':'10.96.0.9','clusterIPs':['10.96.0.9'],'ports':[{'name':'a','port':80,'nodePort':30080}]}}";
    ObjectValue changed = services.updated(before, "{'metadata':{},'spec':{'type':'NodePort','ports':[{'name':'a','port':81}]}}");
    assertThat(changed.list("spec", "ports").object(0).integer(0, "nodePort")).isEqualTo(30080);
    assertThat(changed.string("spec", "clusterIP")).isEqualTo("10.96.0.9");
  }

  @Test
  void claimsThatSayNothingElseAreTheSame() {
    assertThat(
            Writes.to("resource.k8s.io", "v1", "resourceclaims")
                .refusals("{'metadata':{},'spec':{'devices':{}}}", "{'metadata':{},'spec':{'devices':{'requests':[]}}}"))
        .noneMatch(text -> text.startsWith("spec:"));
  }

  @Test
  void longNamesOfImagesAreNoReferences() {
    ObjectValue pod = Writes.to("", "v1", "pods").decoded("{'metadata':{},'spec':{'containers':[{'name':'c','image':'" + "x".repeat(253) + "'}]}}");
    assertThat(pod.list("spec", "containers").object(0).string("imagePullPolicy")).isEqualTo("IfNotPresent");
  }

  @Test
  void jobsWithoutLabelsShareThoseOfTheirTemplate() {
    ObjectValue job =
        Writes.to("batch", "v1", "jobs")
            .created("{'metadata':{'uid':'u'},'spec':{'template':{'metadata':{'labels':{'a':'b'}},'spec':{}}}}");
    assertThat(job.object("metadata", "labels").names())
        .containsExactly("a", "batch.kubernetes.io/controller-uid", "batch.kubernetes.io/job-name", "controller-uid", "job-name");
  }

  @Test
  void rangesOfNodesThatAreNoneAreNoPairEither() {
    assertThat(Writes.to("", "v1", "nodes").refusals("{'metadata':{},'spec':{'podCIDR':'x','podCIDRs':['x','fd00::/64']}}"))
        .contains(
            "spec.podCIDRs: Internal error: invalid PodCIDRs. failed to check with dual stack with error:invalid CIDR[0]: <nil> (invalid CIDR address: x)",
            "spec.podCIDRs: Invalid value: [\"x\",\"fd00::/64\"]: may specify no more than one CIDR for each IP family");
  }

  @Test
  void sourcesOfClaimsHaveNames() {
    assertThat(
            Writes.to("", "v1", "persistentvolumeclaims")
                .refusals(
                    "{'metadata':{},'spec':{'accessModes':['ReadWriteOnce'],'resources':{'requests':{'storage':'1Gi'}},'dataSourceRef':{'kind':'X'}}}"))
        .contains(
            "spec.dataSourceRef.name: Required value",
            "spec.dataSourceRef: Invalid value: \"X\": must be 'PersistentVolumeClaim' when referencing the default apiGroup");
  }

  @Test
  void finalizersOfEventsAreQualified() {
    assertThat(Writes.to("events.k8s.io", "v1", "events").refusals("{'metadata':{'finalizers':['x']}}"))
        .anyMatch(text -> text.startsWith("metadata.finalizers[0]"));
  }

  @Test
  void disksHavePartitions() {
    String disk = "{'metadata':{},'spec':{'capacity':{'storage':'1Gi'},'accessModes':['ReadWriteOnce'],'%s':{'%s':'d','partition':300}}}";
    Writes volumes = Writes.to("", "v1", "persistentvolumes");
    assertThat(volumes.refusals(disk.formatted("awsElasticBlockStore", "volumeID")))
        .containsExactly("spec.awsElasticBlockStore.partition: Invalid value: 300: must be between 1 and 255, inclusive");
    assertThat(volumes.refusals(disk.formatted("gcePersistentDisk", "pdName")))
        .containsExactly("spec.persistentDisk.partition: Invalid value: 300: must be between 1 and 255, inclusive");
  }

  @Test
  void sourcesThatNobodyKnowsAreDroppedAfterThoseOfOtherNamespaces() {
    ObjectValue claim =
        Writes.to("", "v1", "persistentvolumeclaims")
            .created(
                "{'metadata':{},'spec':{'dataSource':{'apiGroup':'g.example','kind':'K','name':'n'},"
                    + "'dataSourceRef':{'apiGroup':'g.example','kind':'K','name':'n','namespace':'other'}}}");
    assertThat(claim.object("spec").has("dataSource")).isFalse();
    assertThat(claim.object("spec").has("dataSourceRef")).isFalse();
  }

  @Test
  void refusalsPrintWhatWasSentEmpty() {
    String claim =
        "{'metadata':{},'spec':{'devices':{'requests':[{'name':'a','exactly':{'deviceClassName':'c'}}],'constraints':%s}}}";
    assertThat(Writes.to("resource.k8s.io", "v1", "resourceclaims").refusals(claim.formatted("null"), claim.formatted("[]")))
        .noneMatch(text -> text.startsWith("spec"));
    String other = claim.replace("'name':'a'", "'name':'b'");
    assertThat(Writes.to("resource.k8s.io", "v1", "resourceclaims").refusals(claim.formatted("null"), other.formatted("[]")))
        .anyMatch(text -> text.contains("\"Constraints\":[],\"Config\":null"));
    String set =
        "{'metadata':{},'spec':{'selector':{'matchLabels':{'a':'b'}},'template':{'metadata':{'labels':{}},"
            + "'spec':{'containers':[{'name':'c','image':'i'}]}}}}";
    assertThat(Writes.to("apps", "v1", "deployments").refusals(set))
        .contains("spec.template.metadata.labels: Invalid value: {}: `selector` does not match template `labels`");
  }

  @Test
  void networkPoliciesCountAnEmptyMapAsAChange() {
    Writes policies = Writes.to("networking.k8s.io", "v1", "networkpolicies");
    String before = "{'metadata':{},'spec':{'podSelector':{}}}";
    assertThat(policies.updated(before, before).object("metadata").integer(0, "generation")).isEqualTo(1);
    ObjectValue changed = policies.updated(before, "{'metadata':{},'spec':{'podSelector':{'matchLabels':{}}}}");
    assertThat(changed.object("metadata").integer(0, "generation")).isEqualTo(2);
  }

  @Test
  void slicesDoNotCountAnEmptyListAsAChange() {
    Writes slices = Writes.to("discovery.k8s.io", "v1", "endpointslices");
    String before = "{'metadata':{},'addressType':'IPv4','endpoints':null}";
    assertThat(slices.updated(before, before.replace("null", "[]")).object("metadata").integer(0, "generation")).isEqualTo(1);
  }

  @Test
  void claimsThatHaveASourceMayNameOneOfAnotherNamespaceAndAreRefused() {
    String claim =
        "{'metadata':{},'spec':{'accessModes':['ReadWriteOnce'],'resources':{'requests':{'storage':'1Gi'}},"
            + "'dataSource':{'kind':'PersistentVolumeClaim','name':'c'},'dataSourceRef':{'kind':'PersistentVolumeClaim','name':'c'%s}}}";
    assertThat(Writes.to("", "v1", "persistentvolumeclaims").refusals(claim.formatted(""), claim.formatted(",'namespace':'0.1m'")))
        .anyMatch(text -> text.equals("spec.dataSourceRef.namespace: \"0.1m\": must not contain dots"))
        .anyMatch(text -> text.equals("spec: {}: may not be specified when dataSourceRef.namespace is specified"));
  }

  @Test
  void sourcesOfVolumesThatNoNodeMountsAreCheckedToo() {
    String volume = "{'metadata':{},'spec':{'capacity':{'storage':'1Gi'},'accessModes':['ReadWriteOnce'],'%s':%s}}";
    Writes volumes = Writes.to("", "v1", "persistentvolumes");
    assertThat(volumes.refusals(volume.formatted("quobyte", "{'registry':'r','volume':'v'}")))
        .containsExactly(
            "spec.quobyte.registry: Invalid value: \"r\": must be a host:port pair or multiple pairs separated by commas");
    assertThat(volumes.refusals(volume.formatted("quobyte", "{'registry':'[::1]:1,r:2','volume':'v'}"))).isEmpty();
    assertThat(volumes.refusals(volume.formatted("storageos", "{'secretRef':{}}")))
        .containsExactly(
            "spec.storageos.volumeName: Required value",
            "spec.storageos.secretRef.name: Required value",
            "spec.storageos.secretRef.namespace: Required value");
    assertThat(volumes.refusals(volume.formatted("flexVolume", "{'driver':'d','options':{'a.K8s.io/x':'1'}}")))
        .containsExactly(
            "spec.flexVolume.options[a.K8s.io/x]: Invalid value: \"a.K8s.io/x\": kubernetes.io and k8s.io namespaces are reserved");
  }

  @Test
  void slicesCountWhatIsDroppedAgain() {
    Writes slices = Writes.to("resource.k8s.io", "v1", "resourceslices");
    String slice =
        "{'metadata':{},'spec':{'driver':'d','nodeName':'n','pool':{'name':'p'},"
            + "'devices':[{'name':'x','attributes':{'a':{'int':1%s}}}]}}";
    ObjectValue updated = slices.updated(slice.formatted(""), slice.formatted(",'ints':[6]"));
    assertThat(updated.object("metadata").integer(0, "generation")).isEqualTo(2);
    assertThat(updated.list("spec", "devices").object(0).object("attributes", "a").has("ints")).isFalse();
  }

  @Test
  void affinitiesOfVolumesMayFollowALabelOutOfBeta() {
    String volume =
        "{'metadata':{},'spec':{'capacity':{'storage':'1Gi'},'accessModes':['ReadWriteOnce'],'hostPath':{'path':'/d'},'nodeAffinity':"
            + "{'required':{'nodeSelectorTerms':[{'matchExpressions':[{'key':'%s','operator':'In','values':['a']}]}]}}}}";
    Writes volumes = Writes.to("", "v1", "persistentvolumes");
    String beta = volume.formatted("failure-domain.beta.kubernetes.io/zone");
    assertThat(volumes.refusals(beta, volume.formatted("topology.kubernetes.io/zone"))).noneMatch(text -> text.startsWith("nodeAffinity"));
    assertThat(volumes.refusals(beta, volume.formatted("topology.kubernetes.io/region"))).anyMatch(text -> text.startsWith("nodeAffinity"));
  }

  @Test
  void templateGenerationsOfDaemonSetsAreNumbers() {
    Writes daemons = Writes.to("apps", "v1", "daemonsets");
    String daemon = "{'metadata':{'annotations':{'deprecated.daemonset.template.generation':'%s'}},'spec':{}}";
    assertThat(daemons.decoded(daemon.formatted("+07")).string("metadata", "annotations", "deprecated.daemonset.template.generation"))
        .isEqualTo("7");
    assertThatThrownBy(() -> daemons.decoded(daemon.formatted("a-"))).hasMessage("strconv.ParseInt: parsing \"a-\": invalid syntax");
  }
}
