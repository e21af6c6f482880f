package io.thyra.extensions;

import io.thyra.codec.JsonReader;
import io.thyra.fuzz.Refusals;
import io.thyra.model.FieldError;
import io.thyra.model.ObjectValue;
import io.thyra.model.RequestInfo;
import io.thyra.model.UserInfo;
import io.thyra.registry.RequestContext;
import io.thyra.registry.ResourceDefinition;
import io.thyra.registry.VersionedType;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Custom objects against a definition with defaults, rules, lists of each type and numbers or texts: decoded, defaulted and
/// validated as the server does.
public final class CustomObjectFuzz {
  private static final ResourceDefinition DEFINITION =
      CustomResource.define(
          (ObjectValue)
              JsonReader.read(
                  """
                  {"kind":"CustomResourceDefinition","apiVersion":"apiextensions.k8s.io/v1","metadata":{"name":"things.fuzz.io","uid":"u"},
                  "spec":{"group":"fuzz.io","scope":"Namespaced","names":{"plural":"things","singular":"thing","kind":"Thing",
                  "listKind":"ThingList"},"conversion":{"strategy":"None"},"versions":[{"name":"v1","served":true,"storage":true,
                  "subresources":{"status":{}},"schema":{"openAPIV3Schema":{"type":"object","properties":{"spec":{"type":"object",
                  "required":["size"],"properties":{"size":{"type":"integer","minimum":0,"maximum":10,"default":1},
                  "name":{"type":"string","maxLength":20,"pattern":"^[a-z]+$"},"when":{"type":"string","format":"date-time"},
                  "port":{"x-kubernetes-int-or-string":true},"any":{"x-kubernetes-preserve-unknown-fields":true},
                  "tags":{"type":"array","x-kubernetes-list-type":"set","maxItems":5,"items":{"type":"string","maxLength":9}},
                  "parts":{"type":"array","x-kubernetes-list-type":"map","x-kubernetes-list-map-keys":["id"],"maxItems":5,
                  "items":{"type":"object","required":["id"],"properties":{"id":{"type":"integer"},
                  "share":{"type":"number","multipleOf":0.5}}}},"labels":{"type":"object","maxProperties":4,
                  "additionalProperties":{"type":"string","maxLength":9,"nullable":true}},"template":{"type":"object",
                  "x-kubernetes-embedded-resource":true,"x-kubernetes-preserve-unknown-fields":true}},
                  "x-kubernetes-validations":[{"rule":"self.size < 9 || has(self.name)"}]},"status":{"type":"object",
                  "properties":{"phase":{"type":"string","enum":["A","B"]}}}}}}}]},
                  "status":{"storedVersions":["v1"],"acceptedNames":{"plural":"things","singular":"thing","kind":"Thing",
                  "listKind":"ThingList"},"conditions":[{"type":"Established","status":"True"}]}}
                  """),
          ConversionClient.NONE);
  private static final RequestContext CONTEXT =
      new RequestContext(
          new RequestInfo(true, "/apis/fuzz.io/v1/namespaces/n/things", "create", "apis", "fuzz.io", "v1", "n", "things", "", ""),
          new UserInfo("fuzz", "", List.of(), Map.of()),
          "fuzz",
          false,
          Instant.EPOCH);

  private CustomObjectFuzz() {}

  public static void fuzzerTestOneInput(byte[] data) {
    Refusals.allow(
        () -> {
          VersionedType version = DEFINITION.hubVersion();
          var decoded = DEFINITION.decoding().decode(JsonReader.parse(data), version, true);
          ObjectValue object = DEFINITION.strategy().prepareForCreate(CONTEXT, version.defaults().apply(decoded.object()));
          List<FieldError> errors = new ArrayList<>();
          DEFINITION.strategy().validateCreate(CONTEXT, object, errors);
          DEFINITION.strategy().validateUpdate(CONTEXT, object, object, errors);
          errors.forEach(FieldError::toString);
          DEFINITION.strategy().warningsOnCreate(CONTEXT, object);
        });
  }
}
