package io.thyra.groups.core;

import io.thyra.machinery.Names;
import io.thyra.model.FieldError;
import io.thyra.model.FieldPath;
import io.thyra.model.GoText;
import io.thyra.model.ObjectValue;
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
        errors.add(FieldError.forbidden(at, "may not specify more than 1 volume type"));
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
        downward(source, path.child("items"), errors);
      }
      case "projected" -> projected(source, path, errors);
      case "nfs" -> {
        required(source, path, errors, "server", "path");
        if (!source.string("path").isEmpty() && !source.string("path").startsWith("/")) {
          errors.add(FieldError.invalid(path.child("path"), source.string("path"), "must be an absolute path"));
        }
      }
      case "csi" -> {
        String driver = source.string("driver");
        if (driver.isEmpty()) {
          errors.add(FieldError.required(path.child("driver"), ""));
        }
      }
      case "glusterfs" -> required(source, path, errors, "endpoints", "path");
      case "azureFile" -> required(source, path, errors, "secretName", "shareName");
      case "gcePersistentDisk" -> required(source, path, errors, "pdName");
      case "awsElasticBlockStore" -> required(source, path, errors, "volumeID");
      case "vsphereVolume" -> required(source, path, errors, "volumePath");
      case "photonPersistentDisk" -> required(source, path, errors, "pdID");
      case "portworxVolume", "cinder" -> required(source, path, errors, "volumeID");
      case "flexVolume" -> required(source, path, errors, "driver");
      case "ephemeral" -> {
        if (!(source.get("volumeClaimTemplate") instanceof ObjectValue)) {
          errors.add(FieldError.required(path.child("volumeClaimTemplate"), ""));
        }
      }
      default -> {}
    }
  }

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
    List<ObjectValue> sources = source.list("sources").objects();
    for (int i = 0; i < sources.size(); i++) {
      FieldPath at = path.child("sources").index(i);
      ObjectValue one = sources.get(i);
      int count = 0;
      for (String type : List.of("secret", "configMap", "downwardAPI", "serviceAccountToken", "clusterTrustBundle", "podCertificate")) {
        if (!(one.get(type) instanceof ObjectValue projection)) {
          continue;
        }
        if (count++ > 0) {
          errors.add(FieldError.forbidden(at.child(type), "may not specify more than 1 volume type per source"));
          continue;
        }
        projection(type, projection, at.child(type), errors);
      }
      if (count == 0) {
        errors.add(FieldError.required(at, "must specify a volume type"));
      }
    }
  }

  private static void projection(String type, ObjectValue projection, FieldPath path, List<FieldError> errors) {
    switch (type) {
      case "secret", "configMap" -> {
        required(projection, path, errors, "name");
        items(projection, path.child("items"), errors);
      }
      case "downwardAPI" -> downward(projection, path.child("items"), errors);
      case "serviceAccountToken" -> {
        long seconds = projection.integer(3600, "expirationSeconds");
        if (seconds < 600) {
          errors.add(FieldError.invalid(path.child("expirationSeconds"), seconds, "may not specify a duration less than 10 minutes"));
        }
        if (seconds > 1L << 32) {
          errors.add(
              FieldError.invalid(path.child("expirationSeconds"), seconds, "may not specify a duration larger than 2^32 seconds"));
        }
        required(projection, path, errors, "path");
      }
      default -> {}
    }
  }
}
