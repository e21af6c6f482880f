package io.thyra.groups.core;

import io.thyra.groups.GoStruct;
import io.thyra.groups.Group;
import io.thyra.groups.KindStrategy;
import io.thyra.groups.UpdateRule;
import io.thyra.machinery.Names;
import io.thyra.machinery.Words;
import io.thyra.machinery.ObjectMetaValidation;
import io.thyra.machinery.Words;
import io.thyra.model.FieldError;
import io.thyra.model.FieldPath;
import io.thyra.model.ObjectValue;
import io.thyra.model.StringValue;
import io.thyra.model.Value;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// ConfigMaps and Secrets: keys, sizes, types, and the flag that freezes them.
/// Source: pkg/apis/core/validation/validation.go, pkg/registry/core/{configmap,secret}/strategy.go.
final class DataRules {
  private static final int BYTES_MAX = 1024 * 1024;
  private static final FieldPath DATA = FieldPath.of("data");
  private static final String FROZEN = "field is immutable when `immutable` is set";
  private static final String REDACTED = "<secret contents redacted>";

  private DataRules() {}

  static void declareConfigMap(Group.Declaration r) {
    r.rules()
        .named(Names.DNS_SUBDOMAIN)
        .checksUpdates(KindStrategy.UpdateOrder.OWN_WHOLE)
        .updateRules((map, old, _, errors) -> frozen(map, old, List.of("data", "binaryData"), errors))
        .rules(DataRules::configMap);
  }

  static void declareSecret(Group.Declaration r) {
    UpdateRule type =
        (secret, old, _, errors) -> errors.addAll(ObjectMetaValidation.immutable(secret.get("type"), old.get("type"), FieldPath.of("type")));
    r.defaults("v1", DataRules::mergeStringData);
    r.rules()
        .named(Names.DNS_SUBDOMAIN)
        .checksUpdates(KindStrategy.UpdateOrder.OWN_WHOLE)
        .onUpdate((_, secret, old) -> keepType(secret, old))
        .updateRules(type)
        .updateRules((secret, old, _, errors) -> frozen(secret, old, List.of("data"), errors))
        .rules(DataRules::secret)
        .warns((secret, _) -> TlsPairs.complaints(secret));
  }

  private static ObjectValue keepType(ObjectValue secret, ObjectValue old) {
    return secret.string("type").isEmpty() ? secret.with("type", old.string("type")) : secret;
  }

  /// `stringData` is a way to write `data`, which whoever sends it owns; it is gone before anybody else looks.
  static ObjectValue mergeStringData(ObjectValue secret) {
    ObjectValue texts = secret.object("stringData");
    if (!secret.has("stringData")) {
      return secret;
    }
    ObjectValue.Builder data = secret.object("data").toBuilder();
    texts
        .strings()
        .forEach((key, text) -> data.put(key, Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8))));
    ObjectValue without = secret.without("stringData");
    ObjectValue all = data.buildSorted();
    return all.isEmpty() ? without : without.with("data", all);
  }

  private static void frozen(ObjectValue object, ObjectValue old, List<String> fields, List<FieldError> errors) {
    if (!old.bool("immutable")) {
      return;
    }
    if (!object.bool("immutable")) {
      errors.add(FieldError.forbidden(FieldPath.of("immutable"), FROZEN));
    }
    for (String field : fields) {
      if (!GoStruct.identical(field, object, old)) {
        errors.add(FieldError.forbidden(FieldPath.of(field), FROZEN));
      }
    }
  }

  private static void configMap(ObjectValue map, @Nullable FieldPath root, List<FieldError> errors) {
    long size = 0;
    ObjectValue data = map.object("data");
    ObjectValue binary = map.object("binaryData");
    for (String key : data.names()) {
      checkKey(key, DATA, errors);
      if (binary.has(key)) {
        errors.add(FieldError.invalid(DATA.key(key), key, "duplicate of key present in binaryData"));
      }
      size += data.string(key).getBytes(StandardCharsets.UTF_8).length;
    }
    for (String key : binary.names()) {
      checkKey(key, FieldPath.of("binaryData"), errors);
      size += bytes(binary.get(key)).length;
    }
    if (size > BYTES_MAX) {
      // The whole object is meant; upstream's empty path prints like this.
      errors.add(FieldError.tooLong(FieldPath.of("[]"), BYTES_MAX));
    }
  }

  private static void checkKey(String key, FieldPath path, List<FieldError> errors) {
    Words.configMapKey(key).forEach(complaint -> errors.add(FieldError.invalid(path.key(key), key, complaint)));
  }

  static byte[] bytes(@Nullable Value value) {
    return value instanceof StringValue(String text) ? Base64.getMimeDecoder().decode(text) : new byte[0];
  }

  private static void secret(ObjectValue secret, @Nullable FieldPath root, List<FieldError> errors) {
    ObjectValue data = secret.object("data");
    long size = 0;
    for (String key : data.names()) {
      checkKey(key, DATA, errors);
      size += bytes(data.get(key)).length;
    }
    if (size > BYTES_MAX) {
      errors.add(FieldError.tooLong(DATA, BYTES_MAX));
    }
    switch (secret.string("type")) {
      case "kubernetes.io/service-account-token" -> {
        String key = "kubernetes.io/service-account.name";
        if (secret.object("metadata", "annotations").string(key).isEmpty()) {
          errors.add(FieldError.required(FieldPath.of("metadata", "annotations").key(key), ""));
        }
      }
      case "kubernetes.io/dockercfg" -> json(data, ".dockercfg", errors);
      case "kubernetes.io/dockerconfigjson" -> json(data, ".dockerconfigjson", errors);
      case "kubernetes.io/basic-auth" -> {
        if (!data.has("username") && !data.has("password")) {
          required("username", errors);
          required("password", errors);
        }
      }
      case "kubernetes.io/ssh-auth" -> {
        if (data.string("ssh-privatekey").isEmpty()) {
          required("ssh-privatekey", errors);
        }
      }
      case "kubernetes.io/tls" -> {
        for (String key : List.of("tls.crt", "tls.key")) {
          if (!data.has(key)) {
            required(key, errors);
          }
        }
      }
      default -> {}
    }
  }

  private static void required(String key, List<FieldError> errors) {
    errors.add(FieldError.required(DATA.key(key), ""));
  }

  private static void json(ObjectValue data, String key, List<FieldError> errors) {
    if (!data.has(key)) {
      required(key, errors);
      return;
    }
    String complaint = JsonObjects.complaint(bytes(data.get(key)));
    if (!complaint.isEmpty()) {
      errors.add(FieldError.invalid(DATA.key(key), REDACTED, complaint));
    }
  }
}
