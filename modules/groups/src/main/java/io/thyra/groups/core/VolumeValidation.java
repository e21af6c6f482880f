package io.thyra.groups.core;

import io.thyra.groups.MetadataRules;
import io.thyra.machinery.Names;
import io.thyra.model.FieldError;
import io.thyra.model.FieldPath;
import io.thyra.model.GoText;
import io.thyra.model.ObjectValue;
import io.thyra.model.StringValue;
import java.util.List;

/// The volumes of a pod: one source each. Source: pkg/apis/core/validation/validation.go.
final class VolumeValidation {
  /// The sources in the order in which upstream looks at them.
  private static final List<String> SOURCES =
      List.of(
          "emptyDir", "hostPath", "gitRepo", "gcePersistentDisk", "awsElasticBlockStore", "secret", "nfs", "iscsi", "glusterfs",
          "flocker", "persistentVolumeClaim", "rbd", "cinder", "cephfs", "quobyte", "downwardAPI", "fc", "flexVolume", "configMap",
          "azureFile", "vsphereVolume", "photonPersistentDisk", "portworxVolume", "azureDisk", "storageos", "projected", "scaleIO",
          "csi", "ephemeral", "image");
  private static final List<String> PATH_TYPES =
      List.of("", "DirectoryOrCreate", "Directory", "FileOrCreate", "File", "Socket", "CharDevice", "BlockDevice");
  private static final int MODE_MAX = 0777;
  private static final String MODE = "must be a number between 0 and 0777 (octal), both inclusive";
  private static final List<String> DOWNWARD = List.of("metadata.annotations", "metadata.labels", "metadata.name", "metadata.namespace", "metadata.uid");

  private VolumeValidation() {}

  /// @param pod the name of the pod, empty in a template
  static void source(ObjectValue volume, String pod, FieldPath path, List<FieldError> errors) {
    int count = 0;
    for (String type : SOURCES) {
      if (!(volume.get(type) instanceof ObjectValue source)) {
        continue;
      }
      FieldPath at = path.child(type);
      if (count++ > 0) {
        errors.add(FieldError.forbidden(another(type, path), "may not specify more than 1 volume type"));
      } else {
        one(type, source, at, errors);
        if (type.equals("ephemeral") && !pod.isEmpty() && !volume.string("name").isEmpty()) {
          String claim = pod + "-" + volume.string("name");
          for (String complaint : Names.DNS_SUBDOMAIN.check(claim, false)) {
            errors.add(FieldError.invalid(path.child("name"), volume.string("name"), "PVC name " + GoText.quote(claim) + ": " + complaint));
          }
        }
      }
    }
    if (count == 0) {
      errors.add(FieldError.required(path, "must specify a volume type"));
    }
  }

  /// The sources of persistent volumes, in the order in which upstream looks at them.
  private static final List<String> PERSISTENT_SOURCES =
      List.of(
          "hostPath", "gcePersistentDisk", "awsElasticBlockStore", "glusterfs", "flocker", "nfs", "rbd", "quobyte", "cephfs", "iscsi",
          "cinder", "fc", "flexVolume", "azureFile", "vsphereVolume", "photonPersistentDisk", "portworxVolume", "azureDisk", "scaleIO",
          "local", "storageos", "csi");

  /// The one source of a persistent volume.
  ///
  /// @param name of the volume, empty where it is written into another object
  /// @param bound whether it says to which nodes it belongs
  static void persistent(ObjectValue spec, String name, boolean bound, FieldPath path, List<FieldError> errors) {
    int count = 0;
    for (String type : PERSISTENT_SOURCES) {
      if (!(spec.get(type) instanceof ObjectValue source)) {
        continue;
      }
      FieldPath at = path.child(type);
      boolean another = count++ > 0;
      if (another && !type.equals("flexVolume")) {
        errors.add(FieldError.forbidden(another(type, path), "may not specify more than 1 volume type"));
        continue;
      }
      switch (type) {
        case "local" -> {
          required(source, at, errors, "path");
          if (!source.string("path").isEmpty()) {
            Checks.noBacksteps(source.string("path"), at.child("path"), errors);
          }
          if (!bound) {
            errors.add(FieldError.required(path.child("nodeAffinity"), "Local volume requires node affinity"));
          }
        }
        case "csi" -> {
          driver(source, at, errors);
          required(source, at, errors, "volumeHandle");
          for (String secret :
              List.of("controllerPublishSecretRef", "controllerExpandSecretRef", "nodePublishSecretRef", "nodeExpandSecretRef")) {
            if (source.get(secret) instanceof ObjectValue reference) {
              String referred = reference.string("name");
              String namespace = reference.string("namespace");
              required(reference, at.child(secret), errors, "name");
              if (!referred.isEmpty()) {
                Checks.format(referred, Names.dns1123Subdomain(referred), at.child(secret, "name"), errors);
              }
              required(reference, at.child(secret), errors, "namespace");
              if (!namespace.isEmpty()) {
                Checks.format(namespace, Names.dns1123Label(namespace), at.child(secret, "namespace"), errors);
              }
            }
          }
        }
        case "azureFile" -> {
          one(type, source, at, errors);
          if (source.get("secretNamespace") instanceof StringValue) {
            required(source, at, errors, "secretNamespace");
          }
        }
        case "glusterfs" -> {
          one(type, source, at, errors);
          endpointsNamespace(source, at.child("endpointsNamespace"), errors);
        }
        case "iscsi" -> persistentIscsi(source, name, at, errors);
        case "cinder", "storageos" -> {
          one(type, source, at, errors);
          if (source.get("secretRef") instanceof ObjectValue secret) {
            required(secret, at.child("secretRef"), errors, "namespace");
          }
        }
        default -> one(type, source, at, errors);
      }
    }
    if (count == 0) {
      errors.add(FieldError.required(path, "must specify a volume type"));
    }
  }

  private static void endpointsNamespace(ObjectValue source, FieldPath path, List<FieldError> errors) {
    String namespace = source.string("endpointsNamespace");
    if (source.has("endpointsNamespace") && namespace.isEmpty()) {
      errors.add(FieldError.invalid(path, namespace, "if the endpointnamespace is set, it must be a valid namespace name"));
    } else if (!namespace.isEmpty()) {
      Checks.format(namespace, Names.dns1123Label(namespace), path, errors);
    }
  }

  // Two are spelled otherwise where they are one too many.
  private static FieldPath another(String type, FieldPath path) {
    return path.child(
        switch (type) {
          case "cephfs" -> "cephFS";
          case "downwardAPI" -> "downwarAPI";
          default -> type;
        });
  }

  private static void partition(ObjectValue source, FieldPath path, List<FieldError> errors) {
    long partition = source.integer(0, "partition");
    if (partition < 0 || partition > 255) {
      errors.add(FieldError.invalid(path.child("partition"), partition, "must be between 1 and 255, inclusive"));
    }
  }

  private static void azureDisk(ObjectValue source, FieldPath path, List<FieldError> errors) {
    required(source, path, errors, "diskName", "diskURI");
    for (String field : List.of("cachingMode", "kind")) {
      List<String> known = field.equals("kind") ? List.of("Dedicated", "Managed", "Shared") : List.of("None", "ReadOnly", "ReadWrite");
      if (source.has(field) && !known.contains(source.string(field))) {
        errors.add(FieldError.notSupported(path.child(field), source.string(field), known));
      }
    }
    if (source.has("kind")) {
      boolean managed = source.string("kind").equals("Managed");
      String address = source.string("diskURI");
      if (!address.startsWith(managed ? "/subscriptions/" : "https://")) {
        String form =
            managed
                ? "/subscriptions/{sub-id}/resourcegroups/{group-name}/providers/microsoft.compute/disks/{disk-id}"
                : "https://{account-name}.blob.core.windows.net/{container-name}/{disk-name}.vhd";
        errors.add(FieldError.notSupported(path.child("diskURI"), address, List.of(form)));
      }
    }
  }

  /// The name of a CSI driver.
  private static void driver(ObjectValue source, FieldPath path, List<FieldError> errors) {
    String driver = source.string("driver");
    if (driver.isEmpty()) {
      errors.add(FieldError.required(path.child("driver"), ""));
      return;
    }
    if (driver.length() > DRIVER_MAX) {
      errors.add(FieldError.tooLong(path.child("driver"), DRIVER_MAX));
    }
    Checks.format(
        driver, Names.dns1123Subdomain(driver.toLowerCase(java.util.Locale.ROOT)), path.child("driver"), errors);
  }

  private static final int DRIVER_MAX = 63;

  private static void fc(ObjectValue source, FieldPath path, List<FieldError> errors) {
    FieldPath names = path.child("targetWWNs");
    boolean named = !source.list("targetWWNs").isEmpty();
    boolean numbered = !source.list("wwids").isEmpty();
    if (!named && !numbered) {
      errors.add(FieldError.required(names, "must specify either targetWWNs or wwids, but not both"));
    }
    if (named && numbered) {
      errors.add(FieldError.invalid(names, source.list("targetWWNs"), "targetWWNs and wwids can not be specified simultaneously"));
    }
    if (named && !source.has("lun")) {
      errors.add(FieldError.required(path.child("lun"), "lun is required if targetWWNs is specified"));
    } else if (named && (source.integer(0, "lun") < 0 || source.integer(0, "lun") > 255)) {
      errors.add(FieldError.invalid(path.child("lun"), source.integer(0, "lun"), "must be between 0 and 255, inclusive"));
    }
  }

  private static void iscsi(ObjectValue source, FieldPath path, List<FieldError> errors) {
    required(source, path, errors, "targetPortal", "iqn");
    iscsi(source, "must be valid format starting with iqn, eui, or naa", path, errors);
  }

  private static void persistentIscsi(ObjectValue source, String name, FieldPath path, List<FieldError> errors) {
    String portal = source.string("targetPortal");
    required(source, path, errors, "targetPortal");
    int bytes = (name + ":" + portal).getBytes(java.nio.charset.StandardCharsets.UTF_8).length;
    if (source.has("initiatorName") && bytes > ISCSI_BYTES_MAX) {
      errors.add(
          FieldError.invalid(
              path.child("targetportal"),
              portal,
              "Total length of <volume name>:<iscsi.targetPortal> must be under 64 characters if iscsi.initiatorName is specified."));
    }
    required(source, path, errors, "iqn");
    iscsi(source, "must be valid format", path, errors);
  }

  private static void iscsi(ObjectValue source, String unknown, FieldPath path, List<FieldError> errors) {
    String iqn = source.string("iqn");
    if (!iqn.isEmpty()) {
      iscsiName(iqn, unknown, path.child("iqn"), errors);
    }
    long lun = source.integer(0, "lun");
    if (lun < 0 || lun > 255) {
      errors.add(FieldError.invalid(path.child("lun"), lun, "must be between 0 and 255, inclusive"));
    }
    if ((source.bool("chapAuthDiscovery") || source.bool("chapAuthSession")) && !(source.get("secretRef") instanceof ObjectValue)) {
      errors.add(FieldError.required(path.child("secretRef"), ""));
    }
    // Only volumes of their own say where the secret is, and must name it.
    boolean own = unknown.equals("must be valid format");
    if (own && source.get("secretRef") instanceof ObjectValue secret) {
      required(secret, path.child("secretRef"), errors, "name");
    }
    if (source.has("initiatorName")) {
      iscsiName(source.string("initiatorName"), unknown, path.child("initiatorname"), errors);
    }
  }

  /// A name of one of the three forms.
  ///
  /// @param unknown what is said of one that begins like none of them
  private static void iscsiName(String name, String unknown, FieldPath path, List<FieldError> errors) {
    java.util.regex.Pattern form = ISCSI_NAMES.get(name.length() < 3 ? "" : name.substring(0, 3));
    if (form == null) {
      errors.add(FieldError.invalid(path, name, unknown));
    } else if (!form.matcher(name).find()) {
      errors.add(FieldError.invalid(path, name, "must be valid format"));
    }
  }

  private static final int ISCSI_BYTES_MAX = 64;
  private static final java.util.Map<String, java.util.regex.Pattern> ISCSI_NAMES =
      java.util.Map.of(
          "iqn", java.util.regex.Pattern.compile("iqn\\.\\d{4}-\\d{2}\\.([\\p{Alnum}\\-.]+)(:[^,;*&$|\\s]+)\\z"),
          "eui", java.util.regex.Pattern.compile("^eui.\\p{Alnum}{16}\\z"),
          "naa", java.util.regex.Pattern.compile("^naa.\\p{Alnum}{32}\\z"));

  private static void one(String type, ObjectValue source, FieldPath path, List<FieldError> errors) {
    switch (type) {
      case "emptyDir" -> emptyDir(source, path, errors);
      case "hostPath" -> hostPath(source, path, errors);
      case "gitRepo" -> {
        required(source, path, errors, "repository");
        Checks.descendingPath(source.string("directory"), path.child("directory"), errors);
      }
      case "secret" -> files(source, "secretName", path, errors);
      case "configMap" -> files(source, "name", path, errors);
      case "persistentVolumeClaim" -> required(source, path, errors, "claimName");
      case "downwardAPI" -> {
        mode(source, "defaultMode", path, errors);
        downward(source, path, errors);
      }
      case "projected" -> projected(source, path, errors);
      case "nfs" -> {
        required(source, path, errors, "server", "path");
        if (!source.string("path").isEmpty() && !source.string("path").startsWith("/")) {
          errors.add(FieldError.invalid(path.child("path"), source.string("path"), "must be an absolute path"));
        }
      }
      case "csi" -> {
        driver(source, path, errors);
        if (source.get("nodePublishSecretRef") instanceof ObjectValue secret) {
          required(secret, path.child("nodePublishSecretRef"), errors, "name");
          if (!secret.string("name").isEmpty()) {
            Checks.format(
                secret.string("name"), Names.DNS_SUBDOMAIN.check(secret.string("name"), false), path.child("name"), errors);
          }
        }
      }
      case "iscsi" -> iscsi(source, path, errors);
      case "image" -> {
        required(source, path, errors, "reference");
        Checks.required(
            source.string("pullPolicy"), List.of("Always", "IfNotPresent", "Never"), path.child("pullPolicy"), errors);
      }
      case "cephfs" -> {
        if (source.list("monitors").isEmpty()) {
          errors.add(FieldError.required(path.child("monitors"), ""));
        }
      }
      case "rbd" -> {
        if (source.list("monitors").isEmpty()) {
          errors.add(FieldError.required(path.child("monitors"), ""));
        }
        required(source, path, errors, "image");
      }
      case "fc" -> fc(source, path, errors);
      case "scaleIO" -> required(source, path, errors, "gateway", "system", "volumeName");
      case "flocker" -> {
        boolean named = !source.string("datasetName").isEmpty();
        boolean numbered = !source.string("datasetUUID").isEmpty();
        if (!named && !numbered) {
          errors.add(FieldError.required(path, "one of datasetName and datasetUUID is required"));
        }
        if (named && numbered) {
          errors.add(FieldError.invalid(path, "resource", "datasetName and datasetUUID can not be specified simultaneously"));
        }
        if (source.string("datasetName").contains("/")) {
          errors.add(FieldError.invalid(path.child("datasetName"), source.string("datasetName"), "must not contain '/'"));
        }
      }
      case "azureDisk" -> azureDisk(source, path, errors);
      case "glusterfs" -> required(source, path, errors, "endpoints", "path");
      case "azureFile" -> required(source, path, errors, "secretName", "shareName");
      case "gcePersistentDisk" -> {
        // Upstream calls it by the name that it had once.
        FieldPath at = FieldPath.of(path.toString().replaceFirst("gcePersistentDisk$", "persistentDisk"));
        required(source, at, errors, "pdName");
        partition(source, at, errors);
      }
      case "awsElasticBlockStore" -> {
        required(source, path, errors, "volumeID");
        partition(source, path, errors);
      }
      case "vsphereVolume" -> required(source, path, errors, "volumePath");
      case "photonPersistentDisk" -> required(source, path, errors, "pdID");
      case "portworxVolume" -> required(source, path, errors, "volumeID");
      case "cinder" -> {
        required(source, path, errors, "volumeID");
        if (source.get("secretRef") instanceof ObjectValue secret) {
          required(secret, path.child("secretRef"), errors, "name");
        }
      }
      case "flexVolume" -> {
        required(source, path, errors, "driver");
        for (String option : source.object("options").names()) {
          String namespace = "." + option.split("/", 2)[0].toLowerCase(java.util.Locale.ROOT);
          if (namespace.endsWith(".kubernetes.io") || namespace.endsWith(".k8s.io")) {
            errors.add(
                FieldError.invalid(path.child("options").key(option), option, "kubernetes.io and k8s.io namespaces are reserved"));
          }
        }
      }
      case "quobyte" -> quobyte(source, path, errors);
      case "storageos" -> {
        String volume = source.string("volumeName");
        String namespace = source.string("volumeNamespace");
        if (volume.isEmpty()) {
          errors.add(FieldError.required(path.child("volumeName"), ""));
        } else {
          Checks.format(volume, Names.dns1123Label(volume), path.child("volumeName"), errors);
        }
        if (!namespace.isEmpty()) {
          Checks.format(namespace, Names.dns1123Label(namespace), path.child("volumeNamespace"), errors);
        }
        if (source.get("secretRef") instanceof ObjectValue secret) {
          required(secret, path.child("secretRef"), errors, "name");
        }
      }
      case "ephemeral" -> {
        if (!(source.get("volumeClaimTemplate") instanceof ObjectValue)) {
          errors.add(FieldError.required(path.child("volumeClaimTemplate"), ""));
        } else {
          ObjectValue template = source.object("volumeClaimTemplate");
          MetadataRules.template(template.object("metadata"), path.child("volumeClaimTemplate", "metadata"), errors);
          VolumeRules.claimSpec(template.object("spec"), path.child("volumeClaimTemplate", "spec"), errors);
        }
      }
      default -> {}
    }
  }

  private static void quobyte(ObjectValue source, FieldPath path, List<FieldError> errors) {
    String registry = source.string("registry");
    String form = "must be a host:port pair or multiple pairs separated by commas";
    if (registry.isEmpty()) {
      errors.add(FieldError.required(path.child("registry"), form));
    } else if (source.string("tenant").getBytes(java.nio.charset.StandardCharsets.UTF_8).length >= TENANT_BYTES_MAX) {
      errors.add(FieldError.required(path.child("tenant"), "must be a UUID and may not exceed a length of 64 characters"));
    } else {
      for (String pair : registry.split(",", -1)) {
        if (!HOST_PORT.matcher(pair).matches()) {
          errors.add(FieldError.invalid(path.child("registry"), registry, form));
        }
      }
    }
    required(source, path, errors, "volume");
  }

  private static final int TENANT_BYTES_MAX = 65;
  // Source: Go's net.SplitHostPort, which asks for brackets around colons alone.
  private static final java.util.regex.Pattern HOST_PORT =
      java.util.regex.Pattern.compile("(?s)([^:\\[\\]]*|\\[[^\\[\\]]*\\]):[^:\\[\\]]*");

  private static void required(ObjectValue source, FieldPath path, List<FieldError> errors, String... fields) {
    for (String field : fields) {
      if (source.string(field).isEmpty()) {
        errors.add(FieldError.required(path.child(field), ""));
      }
    }
  }

  private static void emptyDir(ObjectValue source, FieldPath path, List<FieldError> errors) {
    if (source.has("sizeLimit") && Quantities.of(source.get("sizeLimit")).signum() < 0) {
      errors.add(FieldError.forbidden(path.child("sizeLimit"), "SizeLimit field must be a valid resource quantity"));
    }
  }

  private static void hostPath(ObjectValue source, FieldPath path, List<FieldError> errors) {
    String text = source.string("path");
    if (text.isEmpty()) {
      errors.add(FieldError.required(path.child("path"), ""));
      return;
    }
    Checks.noBacksteps(text, path.child("path"), errors);
    if (!PATH_TYPES.contains(source.string("type"))) {
      errors.add(FieldError.notSupported(path.child("type"), source.string("type"), PATH_TYPES.stream().sorted().toList()));
    }
  }

  private static void mode(ObjectValue source, String field, FieldPath path, List<FieldError> errors) {
    long mode = source.integer(0, field);
    if (mode < 0 || mode > MODE_MAX) {
      errors.add(FieldError.invalid(path.child(field), mode, MODE));
    }
  }

  private static void files(ObjectValue source, String nameField, FieldPath path, List<FieldError> errors) {
    if (source.string(nameField).isEmpty()) {
      errors.add(FieldError.required(path.child(nameField), ""));
    }
    mode(source, "defaultMode", path, errors);
    items(source, path.child("items"), errors);
  }

  // Upstream names the index on the list only for keys of projected sources.
  private static void items(ObjectValue source, FieldPath path, List<FieldError> errors) {
    List<ObjectValue> items = source.list("items").objects();
    for (int i = 0; i < items.size(); i++) {
      ObjectValue item = items.get(i);
      FieldPath at = path.index(i);
      required(item, at, errors, "key");
      if (item.string("path").isEmpty()) {
        errors.add(FieldError.required(at.child("path"), ""));
      }
      nonBackstepping(item.string("path"), at.child("path"), errors);
      mode(item, "mode", at, errors);
    }
  }

  private static void nonBackstepping(String path, FieldPath at, List<FieldError> errors) {
    Checks.descendingPath(path, at, errors);
    if (path.startsWith("..") && !path.startsWith("../")) {
      errors.add(FieldError.invalid(at, path, "must not start with '..'"));
    }
  }

  private static void downward(ObjectValue source, FieldPath path, List<FieldError> errors) {
    for (ObjectValue item : source.list("items").objects()) {
      required(item, path, errors, "path");
      nonBackstepping(item.string("path"), path.child("path"), errors);
      boolean field = item.get("fieldRef") instanceof ObjectValue;
      boolean resource = item.get("resourceFieldRef") instanceof ObjectValue;
      if (field) {
        EnvValidation.field(item.object("fieldRef"), DOWNWARD, path.child("fieldRef"), errors);
        if (resource) {
          errors.add(FieldError.invalid(path, "resource", "fieldRef and resourceFieldRef can not be specified simultaneously"));
        }
      } else if (resource) {
        EnvValidation.resource(item.object("resourceFieldRef"), true, path.child("resourceFieldRef"), errors);
      } else {
        errors.add(FieldError.required(path, "one of fieldRef and resourceFieldRef is required"));
      }
      mode(item, "mode", path, errors);
    }
  }

  private static void projected(ObjectValue source, FieldPath path, List<FieldError> errors) {
    mode(source, "defaultMode", path, errors);
    var paths = new java.util.HashSet<String>();
    List<ObjectValue> sources = source.list("sources").objects();
    for (int i = 0; i < sources.size(); i++) {
      FieldPath at = path.child("sources").index(i);
      ObjectValue one = sources.get(i);
      int count = 0;
      for (String type : List.of("secret", "configMap", "downwardAPI", "serviceAccountToken", "clusterTrustBundle", "podCertificate")) {
        if (!(one.get(type) instanceof ObjectValue projection)) {
          continue;
        }
        count++;
        projection(type, projection, path, at.child(type), errors);
        for (String file : files(type, projection)) {
          if (!paths.add(file)) {
            boolean named = type.equals("secret") || type.equals("configMap");
            errors.add(FieldError.invalid(path, named ? projection.string("name") : file, "conflicting duplicate paths"));
          }
        }
      }
      if (count > 1) {
        errors.add(FieldError.forbidden(at, "may not specify more than 1 volume type per source"));
      }
    }
  }

  private static List<String> files(String type, ObjectValue projection) {
    return switch (type) {
      // Tokens may lie over other files; a warning says so.
      case "serviceAccountToken" -> List.of();
      case "clusterTrustBundle" -> List.of(projection.string("path"));
      case "podCertificate" ->
          List.of("credentialBundlePath", "keyPath", "certificateChainPath").stream()
              .map(projection::string)
              .filter(file -> !file.isEmpty())
              .toList();
      default ->
          projection.list("items").objects().stream().map(i -> i.string("path")).filter(file -> !file.isEmpty()).toList();
    };
  }

  /// @param volume the path of the whole volume, which upstream names for the path of a token
  private static void projection(String type, ObjectValue projection, FieldPath volume, FieldPath path, List<FieldError> errors) {
    switch (type) {
      case "secret", "configMap" -> {
        required(projection, path, errors, "name");
        items(projection, path.child("items"), errors);
      }
      case "downwardAPI" -> downward(projection, path, errors);
      case "serviceAccountToken" -> {
        long seconds = projection.integer(3600, "expirationSeconds");
        if (seconds < 600) {
          errors.add(FieldError.invalid(path.child("expirationSeconds"), seconds, "may not specify a duration less than 10 minutes"));
        }
        if (seconds > 1L << 32) {
          errors.add(
              FieldError.invalid(path.child("expirationSeconds"), seconds, "may not specify a duration larger than 2^32 seconds"));
        }
        required(projection, volume, errors, "path");
      }
      default -> {}
    }
  }
}
