package io.thyra.it.clients;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.kubernetes.client.informer.ResourceEventHandler;
import io.kubernetes.client.informer.SharedInformerFactory;
import io.kubernetes.client.openapi.ApiClient;
import io.kubernetes.client.openapi.models.V1ConfigMap;
import io.kubernetes.client.openapi.models.V1ConfigMapList;
import io.kubernetes.client.util.Config;
import io.kubernetes.client.util.generic.GenericKubernetesApi;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;

/// Informers of both clients that run while their server is started anew. Each writes what it sees of the ConfigMaps of a
/// namespace, a line an event: `CLIENT add|update|delete NAME N`, where N is the value `n` of the object. An update to the
/// version that is known already, which a client makes up when it lists anew, is none. Ends when both have seen `end`.
/// Arguments: a kubeconfig and a namespace that exists.
public final class Survivors {
  private static final CountDownLatch ENDS = new CountDownLatch(2);

  private Survivors() {}

  public static void main(String[] arguments) throws Exception {
    String namespace = arguments[1];
    ApiClient official = Config.fromConfig(arguments[0]);
    official.setReadTimeout(0);
    var factory = new SharedInformerFactory(official);
    var maps = new GenericKubernetesApi<>(V1ConfigMap.class, V1ConfigMapList.class, "", "v1", "configmaps", official);
    var informer = factory.sharedIndexInformerFor(maps, V1ConfigMap.class, 0, namespace);
    informer.addEventHandler(new OfficialEvents());
    factory.startAllRegisteredInformers();
    var config = io.fabric8.kubernetes.client.Config.fromKubeconfig(Files.readString(Path.of(arguments[0])));
    try (KubernetesClient fabric8 = new KubernetesClientBuilder().withConfig(config).build();
        var _ = fabric8.configMaps().inNamespace(namespace).inform(new Fabric8Events())) {
      Scenarios.eventually("synced", informer::hasSynced, true);
      System.out.println("READY");
      ENDS.await();
      System.out.println("DONE");
    }
    System.exit(0);
  }

  private static void see(String client, String what, String name, Object value) {
    System.out.println(client + " " + what + " " + name + " " + value);
    if (name.equals("end") && what.equals("add")) {
      ENDS.countDown();
    }
  }

  private static final class OfficialEvents implements ResourceEventHandler<V1ConfigMap> {
    @Override
    public void onAdd(V1ConfigMap object) {
      tell("add", object);
    }

    @Override
    public void onUpdate(V1ConfigMap before, V1ConfigMap object) {
      if (!before.getMetadata().getResourceVersion().equals(object.getMetadata().getResourceVersion())) {
        tell("update", object);
      }
    }

    @Override
    public void onDelete(V1ConfigMap object, boolean unknown) {
      tell("delete", object);
    }

    private static void tell(String what, V1ConfigMap object) {
      see("official", what, object.getMetadata().getName(), object.getData() == null ? "-" : object.getData().get("n"));
    }
  }

  private static final class Fabric8Events implements io.fabric8.kubernetes.client.informers.ResourceEventHandler<ConfigMap> {
    @Override
    public void onAdd(ConfigMap object) {
      tell("add", object);
    }

    @Override
    public void onUpdate(ConfigMap before, ConfigMap object) {
      if (!before.getMetadata().getResourceVersion().equals(object.getMetadata().getResourceVersion())) {
        tell("update", object);
      }
    }

    @Override
    public void onDelete(ConfigMap object, boolean unknown) {
      tell("delete", object);
    }

    private static void tell(String what, ConfigMap object) {
      see("fabric8", what, object.getMetadata().getName(), object.getData() == null ? "-" : object.getData().get("n"));
    }
  }
}
