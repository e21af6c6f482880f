package io.thyra.groups.core;

import io.thyra.groups.Group;
import io.thyra.groups.GroupDependencies;
import io.thyra.model.GroupVersionKind;
import io.thyra.registry.ResourceDefinition.Deletion;
import io.thyra.registry.Subresource;

/// The core group, `/api/v1`.
public final class CoreGroup {
  private static final String ENDPOINTS_WARNING = "v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice";
  private static final String COMPONENTS_WARNING = "v1 ComponentStatus is deprecated in v1.19+";

  private CoreGroup() {}

  public static void declare(Group group, GroupDependencies needs) {
    pods(group, needs);
    var templates = new TemplateRules(needs.privilegedPods());
    group.resource(
        "podtemplates",
        r -> {
          r.columns(CoreColumns::podTemplate).deletion(Deletion.ANSWERS_WITH_OBJECT);
          ControllerRules.declareTemplate(r, templates);
        });
    group.resource(
        "replicationcontrollers",
        r -> {
          r.storedUnder("controllers").columns(CoreColumns::replicationController).selectable(CoreFields.CONTROLLER);
          r.deletion(Deletion.ORPHANS);
          ControllerRules.declareController(r, templates);
        });
    services(group, needs);
    cluster(group, needs);
    storage(group);
    data(group, needs);
  }

  private static void pods(Group group, GroupDependencies needs) {
    group.resource(
        "pods",
        r -> {
          r.columns(PodColumns::of).selectable(CoreFields.POD);
          r.deletion(Deletion.ANSWERS_WITH_OBJECT);
          PodRules.declare(r, needs);
          r.subresource(
              "binding",
              new Subresource.Action(new GroupVersionKind("", "v1", "Binding"), PodActions.binding(needs.objects())));
        });
    group.resource("bindings", r -> r.action(PodActions.binding(needs.objects())));
  }

  private static void services(Group group, GroupDependencies needs) {
    group.resource(
        "services",
        r -> {
          r.storedUnder("services/specs").columns(CoreColumns::service).selectable(CoreFields.SERVICE);
          r.deletion(Deletion.ANSWERS_WITH_OBJECT);
          ServiceRules.declare(r, needs.allocators());
        });
    group.resource(
        "endpoints",
        r -> {
          r.storedUnder("services/endpoints").columns(CoreColumns::endpoints).warns("v1", ENDPOINTS_WARNING);
          EndpointsRules.declare(r);
        });
  }

  private static void cluster(Group group, GroupDependencies needs) {
    group.resource(
        "namespaces",
        r -> {
          r.columns(
              c -> c.text("Status", "The status of the namespace", o -> o.string("status", "phase")).age().build());
          r.selectable(CoreFields.NAMESPACE).deletion(Deletion.ANSWERS_WITH_OBJECT);
          NamespaceRules.declare(r);
        });
    group.resource(
        "nodes",
        r -> {
          r.storedUnder("minions").columns(CoreColumns::node).selectable(CoreFields.NODE);
          NodeRules.declare(r);
        });
    group.resource(
        "events",
        r -> {
          r.allColumns(CoreColumns::event).selectable(CoreFields.EVENT);
          EventRules.declare(r);
        });
    group.resource(
        "componentstatuses", r -> r.columns(CoreColumns::component).warns("v1", COMPONENTS_WARNING).computed(needs.components()));
  }

  private static void storage(Group group) {
    group.resource(
        "persistentvolumes",
        r -> {
          r.columns(CoreColumns::volume).deletion(Deletion.ANSWERS_WITH_OBJECT);
          VolumeRules.declareVolume(r);
        });
    group.resource(
        "persistentvolumeclaims",
        r -> {
          r.columns(CoreColumns::claim).deletion(Deletion.ANSWERS_WITH_OBJECT);
          VolumeRules.declareClaim(r);
        });
  }

  private static void data(Group group, GroupDependencies needs) {
    group.resource(
        "configmaps",
        r -> {
          r.columns(
              c ->
                  c.count(
                          "Data",
                          c.doc("core.v1.ConfigMap", "data"),
                          o -> o.object("data").size() + o.object("binaryData").size())
                      .age()
                      .build());
          DataRules.declareConfigMap(r);
        });
    group.resource(
        "secrets",
        r -> {
          r.columns(
              c ->
                  c.text("Type", c.doc("core.v1.Secret", "type"), o -> o.string("type"))
                      .cell("Data", "string", c.doc("core.v1.Secret", "data"), (o, _) -> count(o))
                      .age()
                      .build());
          r.selectable(CoreFields.SECRET);
          DataRules.declareSecret(r);
        });
    group.resource(
        "serviceaccounts",
        r -> {
          r.columns(c -> c.age().build()).deletion(Deletion.ANSWERS_WITH_OBJECT);
          AccountRules.declare(r, needs);
        });
    group.resource("limitranges", LimitRules::declareLimitRange);
    group.resource(
        "resourcequotas",
        r -> {
          r.columns(CoreColumns::quota).deletion(Deletion.ANSWERS_WITH_OBJECT);
          LimitRules.declareQuota(r);
        });
  }

  private static io.thyra.model.Value count(io.thyra.model.ObjectValue secret) {
    return io.thyra.model.Value.of(secret.object("data").size());
  }
}
