package io.thyra.launcher;

import io.prometheus.metrics.core.metrics.CounterWithCallback;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.thyra.audit.AuditCounts;
import io.thyra.audit.AuditLog;
import io.thyra.audit.AuditObjects;
import io.thyra.audit.AuditPolicy;
import io.thyra.audit.AuditSettings;
import io.thyra.audit.AuditSink;
import io.thyra.audit.LogOutput;
import io.thyra.audit.RotatingFile;
import io.thyra.config.ConfigException;
import io.thyra.config.ServerConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Optional;

/// What is recorded of requests, made of the configuration.
///
/// @param log what has to be closed; empty where nothing is recorded
record Auditing(AuditSink sink, Optional<AuditLog> log) {
  static Auditing of(ServerConfig.Audit config, AuditObjects objects, PrometheusRegistry metrics, InstantSource clock) {
    var counts = new AuditCounts();
    register(counts, metrics);
    // A policy that is wrong ends the start even where nothing is written.
    Optional<AuditPolicy> policy = config.policyFile().map(Auditing::policy);
    if (policy.isEmpty() || config.log().isEmpty()) {
      return new Auditing(AuditSink.NONE, Optional.empty());
    }
    ServerConfig.AuditLog given = config.log().get();
    AuditLog log = AuditLog.start(policy.get(), settings(given), output(given, clock), objects, counts);
    return new Auditing(log, Optional.of(log));
  }

  private static AuditPolicy policy(Path file) {
    try {
      return AuditPolicy.parse(Files.readAllBytes(file));
    } catch (IOException e) {
      throw new ConfigException("loading audit policy file: failed to read file path \"" + file + "\": " + e.getMessage());
    } catch (IllegalArgumentException e) {
      throw new ConfigException("loading audit policy file: " + e.getMessage() + ": from file " + file);
    }
  }

  private static LogOutput output(ServerConfig.AuditLog given, InstantSource clock) {
    if (given.path().equals("-")) {
      return LogOutput.of(System.out);
    }
    try {
      var rules = new RotatingFile.Rules(given.maxSizeBytes(), given.maxAge(), given.maxBackups(), given.compress());
      return RotatingFile.open(Path.of(given.path()), rules, clock);
    } catch (IOException e) {
      throw new ConfigException("--audit-log-path: cannot write " + given.path() + ": " + e.getMessage());
    }
  }

  private static AuditSettings settings(ServerConfig.AuditLog given) {
    ServerConfig.AuditBuffer buffer = given.buffer();
    return new AuditSettings(
        AuditSettings.Format.valueOf(given.format().toUpperCase(Locale.ROOT)),
        AuditSettings.Mode.valueOf(given.mode().toUpperCase(Locale.ROOT).replace('-', '_')),
        buffer.size(),
        buffer.batchSize(),
        buffer.batchWait(),
        new AuditSettings.Throttle(buffer.throttled(), buffer.batchesASecond(), buffer.burst()),
        new AuditSettings.Truncation(buffer.truncates(), buffer.eventBytesMax()));
  }

  /// Source: apiserver pkg/audit/metrics.go.
  private static void register(AuditCounts counts, PrometheusRegistry metrics) {
    CounterWithCallback.builder()
        .name("apiserver_audit_event_total")
        .help("Counter of audit events generated and sent to the audit backend.")
        .callback(counter -> counter.call(counts.events()))
        .register(metrics);
    CounterWithCallback.builder()
        .name("apiserver_audit_requests_rejected_total")
        .help("Counter of apiserver requests rejected due to an error in audit logging backend.")
        .callback(counter -> counter.call(counts.rejections()))
        .register(metrics);
    CounterWithCallback.builder()
        .name("apiserver_audit_error_total")
        .help("Counter of audit events that failed to be audited properly. Plugin identifies the plugin affected by the error.")
        .labelNames("plugin")
        .callback(counter -> counts.losses((plugin, count) -> counter.call(count, plugin)))
        .register(metrics);
    CounterWithCallback.builder()
        .name("apiserver_audit_level_total")
        .help("Counter of policy levels for audit events (1 per request).")
        .labelNames("level")
        .callback(counter -> counts.levels((level, count) -> counter.call(count, level)))
        .register(metrics);
  }
}
