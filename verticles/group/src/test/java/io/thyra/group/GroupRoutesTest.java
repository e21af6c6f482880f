package io.thyra.group;

import static org.assertj.core.api.Assertions.assertThat;

import io.thyra.codec.ProtobufEnvelope;
import io.thyra.codec.ProtobufReader;
import io.thyra.model.GroupVersionKind;
import io.thyra.model.ObjectValue;
import io.thyra.schema.Schemas;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class GroupRoutesTest {
  private static final String MAPS = "v1/configmaps";
  private static final String CONFIG_MAP = "{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"a\"},\"data\":{\"k\":\"v\"}}";
  private static final String DEPLOYMENT =
      """
      {"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"d"},"spec":{"replicas":1,"selector":{"matchLabels":{"app":"d"}},
      "template":{"metadata":{"labels":{"app":"d"}},"spec":{"containers":[{"name":"c","image":"i"}]}}}}""";

  private final Served served = new Served();

  @AfterEach
  void close() {
    served.close();
  }

  @Test
  void createsAndGets() {
    Served.Answer created = served.post(MAPS, CONFIG_MAP);
    assertThat(created.code()).isEqualTo(201);
    assertThat(created.json().names()).containsExactly("kind", "apiVersion", "metadata", "data");
    Served.Answer got = served.get(MAPS + "/a");
    assertThat(got.code()).isEqualTo(200);
    assertThat(new String(got.body(), StandardCharsets.UTF_8)).isEqualTo(new String(created.body(), StandardCharsets.UTF_8));
    assertThat(got.json().list("metadata", "managedFields").object(0).string("manager")).isEqualTo("tester");
    assertThat(served.get(MAPS + "/none").message()).isEqualTo("configmaps \"none\" not found");
  }

  @Test
  void listsInEveryForm() {
    served.post(MAPS, CONFIG_MAP);
    ObjectValue list = served.ask("list", MAPS, "", "", "", "").json();
    assertThat(list.string("kind")).isEqualTo("ConfigMapList");
    assertThat(list.list("items").object(0).names()).containsExactly("metadata", "data");
    ObjectValue table = served.ask("list", MAPS, "", "application/json;as=Table;v=v1;g=meta.k8s.io", "", "").json();
    assertThat(table.string("kind")).isEqualTo("Table");
    assertThat(table.list("rows").object(0).list("cells").strings()).containsExactly("a");
    ObjectValue partial =
        served.ask("list", MAPS, "", "application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io", "", "").json();
    assertThat(partial.list("items").object(0).string("kind")).isEqualTo("PartialObjectMetadata");
    byte[] protobuf = served.ask("list", MAPS, "", "application/vnd.kubernetes.protobuf", "", "").body();
    ObjectValue read =
        ProtobufReader.read(
            ProtobufEnvelope.read(protobuf),
            Schemas.builtin().findKind(new GroupVersionKind("", "v1", "ConfigMapList")).orElseThrow());
    assertThat(read.list("items").object(0).string("data", "k")).isEqualTo("v");
  }

  @Test
  void saysWhatIsWrongWithABody() {
    assertThat(served.post(MAPS, "{bad").message())
        .isEqualTo(
            "the object provided is unrecognized (must be of type ConfigMap): couldn't get version/kind; json parse error:"
                + " invalid character 'b' looking for beginning of object key string ({bad)");
    assertThat(served.post(MAPS, "{\"apiVersion\":\"v2\",\"kind\":\"ConfigMap\"}").message())
        .isEqualTo(
            "ConfigMap in version \"v2\" cannot be handled as a ConfigMap: no kind \"ConfigMap\" is registered for version"
                + " \"v2\" in scheme \"pkg/runtime/scheme.go:111\"");
    assertThat(served.post(MAPS, "{\"apiVersion\":\"v1\",\"kind\":\"Secret\"}").message())
        .isEqualTo(
            "Secret in version \"v1\" cannot be handled as a ConfigMap: converting (v1.Secret) to (core.ConfigMap): unknown"
                + " conversion");
    assertThat(served.post(MAPS, "{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"data\":{\"k\":1}}").message())
        .isEqualTo(
            "ConfigMap in version \"v1\" cannot be handled as a ConfigMap: json: cannot unmarshal number into Go struct field"
                + " ConfigMap.data of type string");
    assertThat(served.ask("create", MAPS, "", "", "text/plain", CONFIG_MAP).code()).isEqualTo(415);
    assertThat(served.put(MAPS + "/b", CONFIG_MAP).message())
        .isEqualTo("the name of the object (a) does not match the name on the URL (b)");
  }

  @Test
  void warnsOfUnknownFieldsOrRefusesThem() {
    String odd = CONFIG_MAP.replace("\"data\"", "\"date\"");
    Served.Answer warned = served.post(MAPS, odd);
    assertThat(warned.code()).isEqualTo(201);
    assertThat(warned.warnings()).containsExactly("unknown field \"date\"");
    Served.Answer refused = served.ask("create", MAPS, "fieldValidation=Strict", "", "application/json", odd);
    assertThat(refused.message())
        .isEqualTo(
            "ConfigMap in version \"v1\" cannot be handled as a ConfigMap: strict decoding error: unknown field \"date\"");
  }

  @Test
  void readsYamlAndProtobuf() {
    String yaml = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: yam\ndata:\n  k: v\n";
    assertThat(served.ask("create", MAPS, "", "application/yaml", "application/yaml", yaml).code()).isEqualTo(201);
    byte[] bytes = served.ask("get", MAPS + "/yam", "", "application/vnd.kubernetes.protobuf", "", "").body();
    served.ask("delete", MAPS + "/yam", "", "", "", "");
    Served.Answer created =
        served.ask("create", MAPS, "", "", "application/vnd.kubernetes.protobuf", Buffer.buffer(bytes));
    assertThat(created.message()).isEqualTo("resourceVersion should not be set on objects to be created");
  }

  @Test
  void patchesInEveryWay() {
    served.post("apps/v1/deployments", DEPLOYMENT);
    String path = "apps/v1/deployments/d";
    assertThat(served.patch(path, "merge-patch+json", "{\"metadata\":{\"labels\":{\"a\":\"1\"}}}").json().string("metadata", "labels", "a"))
        .isEqualTo("1");
    Served.Answer json = served.patch(path, "json-patch+json", "[{\"op\":\"replace\",\"path\":\"/spec/replicas\",\"value\":3}]");
    assertThat(json.json().integer(0, "spec", "replicas")).isEqualTo(3);
    Served.Answer strategic =
        served.patch(
            path,
            "strategic-merge-patch+json",
            "{\"spec\":{\"template\":{\"spec\":{\"containers\":[{\"name\":\"c\",\"image\":\"j\"},{\"name\":\"e\",\"image\":\"k\"}]}}}}");
    assertThat(strategic.json().list("spec", "template", "spec", "containers").size()).isEqualTo(2);
    assertThat(served.patch(path, "strategic-merge-patch+json", "{\"spec\":{\"replicas\":\"many\"}}").message())
        .isEqualTo(" \"\" is invalid: patch: Invalid value: \"map[spec:map[replicas:many]]\": unrecognized type: int32");
    assertThat(served.patch(path, "json", "{}").message()).isEqualTo("415: Unsupported Media Type");
    Served.Answer absent = served.patch("apps/v1/deployments/none", "merge-patch+json", "{}");
    assertThat(absent.message()).isEqualTo("deployments.apps \"none\" not found");
  }

  @Test
  void appliesConfigurations() {
    String config = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: s\ndata:\n  k: v\n";
    Served.Answer created = served.patch(MAPS + "/s", "apply-patch+yaml", config);
    assertThat(created.code()).isEqualTo(201);
    assertThat(created.json().list("metadata", "managedFields").object(0).string("operation")).isEqualTo("Apply");
    long revision = served.storage.revision();
    assertThat(served.patch(MAPS + "/s", "apply-patch+yaml", config).code()).isEqualTo(200);
    assertThat(served.storage.revision()).isEqualTo(revision);
    served.put(MAPS + "/s", CONFIG_MAP.replace("\"a\"", "\"s\"").replace("\"v\"}}", "\"w\"}}"));
    Served.Answer conflict = served.patch(MAPS + "/s", "apply-patch+yaml", config);
    assertThat(conflict.code()).isEqualTo(409);
    assertThat(conflict.message()).startsWith("Apply failed with 1 conflict: conflict with \"tester\"");
    assertThat(served.ask("patch", MAPS + "/s", "", "", "application/apply-patch+yaml", config).message())
        .isEqualTo("PatchOptions.meta.k8s.io \"\" is invalid: fieldManager: Required value: is required for apply patch");
  }

  @Test
  void scales() {
    served.post("apps/v1/deployments", DEPLOYMENT);
    String path = "apps/v1/deployments/d/scale";
    ObjectValue scale = served.get(path).json();
    assertThat(scale.string("kind")).isEqualTo("Scale");
    assertThat(scale.string("status", "selector")).isEqualTo("app=d");
    Served.Answer patched = served.patch(path, "merge-patch+json", "{\"spec\":{\"replicas\":7}}");
    assertThat(patched.json().integer(0, "spec", "replicas")).isEqualTo(7);
    assertThat(served.get("apps/v1/deployments/d").json().integer(0, "spec", "replicas")).isEqualTo(7);
    assertThat(served.patch(path, "merge-patch+json", "{\"spec\":{\"replicas\":-3}}").message())
        .isEqualTo("Scale.autoscaling \"d\" is invalid: spec.replicas: Invalid value: -3: must be greater than or equal to 0");
    String put = "{\"apiVersion\":\"autoscaling/v1\",\"kind\":\"Scale\",\"metadata\":{\"name\":\"d\"},\"spec\":{\"replicas\":2}}";
    assertThat(served.put(path, put).json().integer(0, "spec", "replicas")).isEqualTo(2);
  }

  @Test
  void deletes() {
    served.post(MAPS, CONFIG_MAP);
    Served.Answer deleted = served.ask("delete", MAPS + "/a", "", "", "", "");
    assertThat(deleted.json().object("details").names()).containsExactly("name", "kind", "uid");
    assertThat(served.ask("delete", MAPS + "/a", "", "", "", "").code()).isEqualTo(404);
    served.post(MAPS, CONFIG_MAP);
    String orphan = "{\"apiVersion\":\"v1\",\"kind\":\"DeleteOptions\",\"orphanDependents\":true}";
    Served.Answer held = served.ask("delete", MAPS + "/a", "", "", "application/json", orphan);
    assertThat(held.json().list("metadata", "finalizers").strings()).containsExactly("orphan");
    assertThat(served.ask("delete", MAPS + "/a", "", "", "application/json", "{\"kind\":\"Other\",\"apiVersion\":\"v1\"}").message())
        .isEqualTo("no kind \"Other\" is registered for version \"v1\" in scheme \"pkg/runtime/scheme.go:111\"");
    ObjectValue list = served.ask("deletecollection", MAPS, "propagationPolicy=Background", "", "", "").json();
    assertThat(list.list("items").size()).isEqualTo(1);
    assertThat(served.ask("list", MAPS, "", "", "", "").json().list("items").isEmpty()).isTrue();
  }

  @Test
  void refusesWhatItDoesNotServe() {
    assertThat(served.get("v1/nothing").message()).isEqualTo("the server could not find the requested resource");
    assertThat(served.ask("create", MAPS + "/a/status", "", "", "", "").code()).isEqualTo(405);
    assertThat(served.ask("get", MAPS + "/a", "", "text/html", "", "").code()).isEqualTo(406);
  }
}
