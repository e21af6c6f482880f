package io.thyra.discovery;

import com.sun.management.UnixOperatingSystemMXBean;
import io.prometheus.metrics.core.metrics.CounterWithCallback;
import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.thyra.registry.Registry;
import io.thyra.registry.ResourceStore;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;

/// What is known of the process and of its store, under the names that dashboards look for.
public final class ProcessMetrics {
  private static final String OBJECTS =
      "Number of stored objects at the time of last check split by kind. In case of a fetching error, the value will be -1.";
  private static final long PAGE_BYTES = 4096;

  private ProcessMetrics() {}

  public static void register(PrometheusRegistry metrics, VersionInfo version, Registry registry) {
    Gauge.builder()
        .name("kubernetes_build_info")
        .help(
            "A metric with a constant '1' value labeled by major, minor, git version, git commit, git tree state, build date, Go version,"
                + " and compiler from which Kubernetes was built, and platform on which it is running.")
        .labelNames("major", "minor", "git_version", "git_commit", "git_tree_state", "build_date", "go_version", "compiler", "platform")
        .register(metrics)
        .labelValues(
            version.major(), version.minor(), version.gitVersion(), version.gitCommit(), version.gitTreeState(), version.buildDate(),
            version.goVersion(), version.compiler(), version.platform())
        .set(1);
    process(metrics);
    GaugeWithCallback.builder()
        .name("apiserver_storage_objects")
        .help("(Deprecated since 1.34.0) [DEPRECATED, consider using apiserver_resource_objects instead] " + OBJECTS)
        .labelNames("resource")
        .callback(
            gauge -> {
              for (ResourceStore store : registry.stores()) {
                if (store.definition().action().isEmpty() && store.definition().computed().isEmpty()) {
                  gauge.call(store.count(), store.definition().resource().toString());
                }
              }
            })
        .register(metrics);
    GaugeWithCallback.builder()
        .name("apiserver_resource_objects")
        .help(OBJECTS)
        .labelNames("group", "resource")
        .callback(
            gauge -> {
              for (ResourceStore store : registry.stores()) {
                if (store.definition().action().isEmpty() && store.definition().computed().isEmpty()) {
                  gauge.call(store.count(), store.definition().resource().group(), store.definition().resource().resource());
                }
              }
            })
        .register(metrics);
  }

  private static void process(PrometheusRegistry metrics) {
    gauge(metrics, "process_start_time_seconds", "Start time of the process since unix epoch in seconds.",
        () -> ManagementFactory.getRuntimeMXBean().getStartTime() / 1e3);
    CounterWithCallback.builder()
        .name("process_cpu_seconds_total")
        .help("Total user and system CPU time spent in seconds.")
        .callback(counter -> counter.call(system() == null ? 0 : system().getProcessCpuTime() / 1e9))
        .register(metrics);
    gauge(metrics, "process_resident_memory_bytes", "Resident memory size in bytes.", () -> memory(1));
    gauge(metrics, "process_virtual_memory_bytes", "Virtual memory size in bytes.", () -> memory(0));
    gauge(metrics, "process_open_fds", "Number of open file descriptors.", () -> system() == null ? 0 : system().getOpenFileDescriptorCount());
    gauge(metrics, "process_max_fds", "Maximum number of open file descriptors.", () -> system() == null ? 0 : system().getMaxFileDescriptorCount());
    gauge(metrics, "go_goroutines", "Number of goroutines that currently exist.", () -> ManagementFactory.getThreadMXBean().getThreadCount());
    gauge(metrics, "go_threads", "Number of OS threads created.", () -> ManagementFactory.getThreadMXBean().getThreadCount());
  }

  private interface Reading {
    double read();
  }

  private static void gauge(PrometheusRegistry metrics, String name, String help, Reading reading) {
    GaugeWithCallback.builder().name(name).help(help).callback(gauge -> gauge.call(reading.read())).register(metrics);
  }

  private static @org.jspecify.annotations.Nullable UnixOperatingSystemMXBean system() {
    return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix ? unix : null;
  }

  /// Reads `/proc/self/statm`: pages of the whole and of what is resident.
  private static double memory(int column) {
    try {
      return Double.parseDouble(Files.readString(Path.of("/proc/self/statm")).split(" ")[column]) * PAGE_BYTES;
    } catch (IOException | RuntimeException _) {
      return 0;
    }
  }
}
