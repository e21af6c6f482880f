package io.thyra.admission;

import io.thyra.model.AuthorizationAttributes;
import io.thyra.model.Authorizer;
import io.thyra.model.GoText;
import io.thyra.model.GroupResource;
import io.thyra.model.ObjectValue;
import io.thyra.registry.AdmissionAttributes;
import io.thyra.registry.Registry;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Whether a node may ask for a token for an audience: a volume of the pod does, or the node has the right to.
/// Source: kubernetes plugin/pkg/admission/noderestriction/admission.go, csi-translation-lib plugins.
final class NodeTokenAudiences {
  private static final GroupResource DRIVERS = new GroupResource("storage.k8s.io", "csidrivers");
  // The drivers that took the place of volumes in the tree.
  private static final Map<String, String> MIGRATED =
      Map.of(
          "awsElasticBlockStore", "ebs.csi.aws.com",
          "gcePersistentDisk", "pd.csi.storage.gke.io",
          "azureDisk", "disk.csi.azure.com",
          "azureFile", "file.csi.azure.com",
          "cinder", "cinder.csi.openstack.org",
          "vsphereVolume", "csi.vsphere.vmware.com",
          "portworxVolume", "pxd.portworx.com");

  /// Something that a volume leads to is not there.
  private static final class Missing extends Exception {
    private static final long serialVersionUID = 1L;

    Missing(String resource, String name) {
      super(resource + " " + GoText.quote(name) + " not found", null, false, false);
    }
  }

  private final Registry registry;
  private final Authorizer authorizer;

  NodeTokenAudiences(Registry registry, Authorizer authorizer) {
    this.registry = registry;
    this.authorizer = authorizer;
  }

  Optional<String> findProblem(AdmissionAttributes attributes, List<String> audiences, ObjectValue pod) {
    if (audiences.size() > 1) {
      return Optional.of("node may only request 0 or 1 audiences");
    }
    String audience = audiences.isEmpty() ? "" : audiences.getFirst();
    var errors = new ArrayList<String>();
    for (ObjectValue volume : pod.list("spec", "volumes").objects()) {
      try {
        if (asksFor(volume, audience) || driverAsksFor(driver(pod, volume), audience)) {
          return Optional.empty();
        }
      } catch (Missing e) {
        errors.add(e.getMessage());
      }
    }
    if (!errors.isEmpty()) {
      return Optional.of("error validating audience " + GoText.quote(audience) + ": " + Refusal.aggregate(errors));
    }
    var user = attributes.context().user();
    var asked =
        AuthorizationAttributes.resource(
            user, "request-serviceaccounts-token-audience", "", "v1", audience, "", attributes.namespace(), attributes.name());
    if (authorizer.authorize(asked).allowed()) {
      return Optional.empty();
    }
    return Optional.of(
        "audience "
            + GoText.quote(audience)
            + " not found in pod spec volume, "
            + user.name()
            + " is not authorized to request tokens for this audience");
  }

  private static boolean asksFor(ObjectValue volume, String audience) {
    return volume.list("projected", "sources").objects().stream()
        .anyMatch(
            source -> source.get("serviceAccountToken") instanceof ObjectValue token && token.string("audience").equals(audience));
  }

  /// The driver behind a volume; empty for none.
  private String driver(ObjectValue pod, ObjectValue volume) throws Missing {
    String namespace = pod.string("metadata", "namespace");
    if (volume.at("ephemeral", "volumeClaimTemplate") != null) {
      return driverOfClaim(namespace, pod.string("metadata", "name") + "-" + volume.string("name"));
    }
    if (volume.has("persistentVolumeClaim")) {
      return driverOfClaim(namespace, volume.string("persistentVolumeClaim", "claimName"));
    }
    return driverOfSource(volume);
  }

  private static String driverOfSource(ObjectValue source) {
    if (source.has("csi")) {
      return source.string("csi", "driver");
    }
    return source.names().stream().filter(MIGRATED::containsKey).map(MIGRATED::get).findFirst().orElse("");
  }

  private String driverOfClaim(String namespace, String name) throws Missing {
    Optional<ObjectValue> claim = registry.peek(Resources.CLAIMS, namespace, name);
    if (claim.isEmpty()) {
      throw new Missing("persistentvolumeclaim", name);
    }
    String volume = claim.get().string("spec", "volumeName");
    Optional<ObjectValue> found = registry.peek(Resources.VOLUMES, "", volume);
    if (found.isEmpty()) {
      throw new Missing("persistentvolume", volume);
    }
    return driverOfSource(found.get().object("spec"));
  }

  private boolean driverAsksFor(String driver, String audience) throws Missing {
    if (driver.isEmpty()) {
      return false;
    }
    Optional<ObjectValue> found = registry.peek(DRIVERS, "", driver);
    if (found.isEmpty()) {
      throw new Missing("csidriver.storage.k8s.io", driver);
    }
    return found.get().list("spec", "tokenRequests").objects().stream().anyMatch(request -> request.string("audience").equals(audience));
  }
}
