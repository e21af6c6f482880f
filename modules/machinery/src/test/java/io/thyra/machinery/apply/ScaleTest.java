package io.thyra.machinery.apply;

import static io.thyra.machinery.apply.TestTypes.json;
import static org.assertj.core.api.Assertions.assertThat;

import io.thyra.model.GoText;
import io.thyra.model.ListValue;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ScaleTest {
  private final ManagedFields.Scale scale =
      new ManagedFields.Scale(
          Map.of("apps/v1", FieldSet.ofNames("spec", "replicas"), "test/v1", FieldSet.ofNames("spec", "count")), "apps/v1", false);

  private static ListValue entries(String text) {
    return json("{'e':" + text + "}").list("e");
  }

  private static String entry(String manager, String operation, String version, String more, String fields) {
    return "{'manager':'" + manager + "','operation':'" + operation + "','apiVersion':'" + version + "'" + more
        + ",'fieldsType':'FieldsV1','fieldsV1':" + fields + "}";
  }

  private static String text(ListValue entries) {
    return GoText.json(entries).replace('"', '\'');
  }

  @Test
  void showsWhoOwnsTheReplicas() {
    ListValue parent =
        entries(
            "["
                + entry("a", "Apply", "apps/v1", ",'time':'2024-01-01T00:00:00Z'", "{'f:spec':{'f:replicas':{},'f:x':{}}}")
                + ","
                + entry("b", "Update", "apps/v1", "", "{'f:spec':{'f:x':{}}}")
                + ","
                + entry("c", "Update", "test/v1", "", "{'f:spec':{'f:count':{}}}")
                + ","
                + entry("d", "Update", "other/v1", "", "{'f:spec':{'f:replicas':{}}}")
                + "]");

    assertThat(text(scale.toScale(parent)))
        .isEqualTo(
            "["
                + entry("a", "Apply", "autoscaling/v1", ",'time':'2024-01-01T00:00:00Z'", "{'f:spec':{'f:replicas':{}}}")
                + ","
                + entry("c", "Update", "autoscaling/v1", "", "{'f:spec':{'f:replicas':{}}}")
                + "]");
  }

  @Test
  void takesTheReplicasFromTheirOwner() {
    ListValue parent =
        entries(
            "["
                + entry("a", "Apply", "apps/v1", ",'time':'2024-01-01T00:00:00Z'", "{'f:spec':{'f:replicas':{},'f:x':{}}}")
                + ","
                + entry("b", "Update", "test/v1", "", "{'f:spec':{'f:count':{}}}")
                + "]");
    ListValue written =
        entries("[{'manager':'s','operation':'Update','apiVersion':'autoscaling/v1','time':'2024-01-02T00:00:00Z',"
            + "'fieldsType':'FieldsV1','fieldsV1':{'f:spec':{'f:replicas':{}}},'subresource':'scale'}]");

    assertThat(text(scale.toParent(parent, written)))
        .isEqualTo(
            "["
                + entry("a", "Apply", "apps/v1", ",'time':'2024-01-01T00:00:00Z'", "{'f:spec':{'f:x':{}}}")
                + ",{'manager':'s','operation':'Update','apiVersion':'apps/v1','fieldsType':'FieldsV1',"
                + "'fieldsV1':{'f:spec':{'f:replicas':{}}},'subresource':'scale'}]");
  }
}
