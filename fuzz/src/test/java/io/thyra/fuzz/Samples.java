package io.thyra.fuzz;

import io.thyra.codec.Canonical;
import io.thyra.codec.JsonReader;
import io.thyra.model.GroupVersionKind;
import io.thyra.model.ObjectValue;
import io.thyra.schema.Schemas;
import io.thyra.schema.Struct;
import java.util.Arrays;
import java.util.List;

/// Objects of the kinds whose types differ most, which patches are tried on: lists with merge keys, sets, atomic lists,
/// maps of quantities, binary data.
public record Samples(GroupVersionKind kind, Struct type, ObjectValue object) {
  private static final List<Samples> ALL =
      List.of(
          sample(
              "apps",
              "v1",
              "Deployment",
              """
              {"kind":"Deployment","apiVersion":"apps/v1","metadata":{"name":"d","namespace":"n","uid":"u","labels":{"app":"d"},
              "finalizers":["a/b","c/d"]},"spec":{"replicas":2,"selector":{"matchLabels":{"app":"d"}},"strategy":{"type":"RollingUpdate",
              "rollingUpdate":{"maxSurge":1,"maxUnavailable":"25%"}},"template":{"metadata":{"labels":{"app":"d"}},"spec":{"containers":[
              {"name":"a","image":"i:1","ports":[{"containerPort":80,"protocol":"TCP"},{"containerPort":80,"protocol":"UDP"}],
              "env":[{"name":"A","value":"1"},{"name":"B","valueFrom":{"fieldRef":{"fieldPath":"metadata.name"}}}],
              "resources":{"limits":{"cpu":"500m","memory":"1Gi"}},"args":["x","y"]},{"name":"b","image":"i:2"}],
              "volumes":[{"name":"v","emptyDir":{}},{"name":"w","configMap":{"name":"c"}}],
              "tolerations":[{"key":"k","operator":"Exists"}],"imagePullSecrets":[{"name":"s"}]}}}}
              """),
          sample(
              "",
              "v1",
              "Service",
              """
              {"kind":"Service","apiVersion":"v1","metadata":{"name":"s","namespace":"n","uid":"u"},"spec":{"ports":[{"name":"h","port":80,
              "protocol":"TCP","targetPort":"http"},{"name":"d","port":53,"protocol":"UDP","targetPort":53}],"selector":{"a":"b"},
              "externalIPs":["192.0.2.1"]},"status":{"loadBalancer":{},"conditions":[{"type":"T","status":"True","reason":"R","message":"",
              "lastTransitionTime":"2026-01-01T00:00:00Z"}]}}
              """),
          sample(
              "",
              "v1",
              "ConfigMap",
              """
              {"kind":"ConfigMap","apiVersion":"v1","metadata":{"name":"c","namespace":"n","uid":"u","ownerReferences":[{"apiVersion":"v1",
              "kind":"Pod","name":"p","uid":"1"}]},"data":{"a":"1","b":"2"},"binaryData":{"x":"AAEC"},"immutable":false}
              """),
          sample(
              "networking.k8s.io",
              "v1",
              "Ingress",
              """
              {"kind":"Ingress","apiVersion":"networking.k8s.io/v1","metadata":{"name":"i","namespace":"n","uid":"u"},"spec":{"rules":[
              {"host":"h","http":{"paths":[{"path":"/","pathType":"Prefix","backend":{"service":{"name":"s","port":{"number":80}}}}]}}],
              "tls":[{"hosts":["h"],"secretName":"t"}]}}
              """));

  private static Samples sample(String group, String version, String name, String json) {
    var kind = new GroupVersionKind(group, version, name);
    Struct type = Schemas.builtin().findKind(kind).orElseThrow();
    return new Samples(kind, type, Canonical.complete(JsonReader.read(json), type));
  }

  /// The sample that a byte of the input chooses; `0` is the first.
  public static Samples of(byte choice) {
    return ALL.get(Math.floorMod(choice - '0', ALL.size()));
  }

  /// What is done to the chosen sample with the rest of an input.
  public interface Use {
    void apply(Samples sample, byte[] rest);
  }

  /// Lets the first byte of an input choose the sample; an empty input is none.
  public static void choose(byte[] data, Use use) {
    if (data.length > 0) {
      use.apply(of(data[0]), Arrays.copyOfRange(data, 1, data.length));
    }
  }
}
