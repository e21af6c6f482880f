package io.thyra.registry;

import io.thyra.machinery.Names;
import io.thyra.model.AuditAnnotation;
import io.thyra.model.RequestInfo;
import io.thyra.model.UserInfo;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What the rules may know of the request they run for. Owned by the one task that serves the request.
public final class RequestContext {
  // More than any answer shows: upstream cuts all texts of one answer at 4,096 characters.
  private static final int WARNINGS_MAX = 500;
  private static final int ANNOTATIONS_MAX = 500;

  private final RequestInfo info;
  private final UserInfo user;
  private final String userAgent;
  private final boolean dryRun;
  private final Instant now;
  private final List<String> warnings;
  private final Map<String, AuditAnnotation> annotations;

  public RequestContext(RequestInfo info, UserInfo user, String userAgent, boolean dryRun, Instant now) {
    this(info, user, userAgent, dryRun, now, new ArrayList<>(), new LinkedHashMap<>());
  }

  private RequestContext(
      RequestInfo info,
      UserInfo user,
      String userAgent,
      boolean dryRun,
      Instant now,
      List<String> warnings,
      Map<String, AuditAnnotation> annotations) {
    this.info = info;
    this.user = user;
    this.userAgent = userAgent;
    this.dryRun = dryRun;
    this.now = now;
    this.warnings = warnings;
    this.annotations = annotations;
  }

  public RequestInfo info() {
    return info;
  }

  public UserInfo user() {
    return user;
  }

  public String userAgent() {
    return userAgent;
  }

  public boolean dryRun() {
    return dryRun;
  }

  /// The same request as one that stores nothing; the warnings are shared.
  public RequestContext asDryRun() {
    return new RequestContext(info, user, userAgent, true, now, warnings, annotations);
  }

  /// The same request as one about something else that it leads to; the warnings are shared.
  public RequestContext about(RequestInfo other) {
    return new RequestContext(other, user, userAgent, dryRun, now, warnings, annotations);
  }

  /// The time of the request; timestamps of one write all come from it.
  public Instant now() {
    return now;
  }

  /// Adds a text for a `Warning: 299` header; repeated ones are told once.
  public void warn(String text) {
    if (warnings.size() < WARNINGS_MAX && !warnings.contains(text)) {
      warnings.add(text);
    }
  }

  public List<String> warnings() {
    return List.copyOf(warnings);
  }

  /// Tells the audit log something of this request. A key that is no qualified name with a prefix is not told, nor is a second
  /// value of one. Source: apiserver pkg/admission/attributes.go.
  public void audit(AuditAnnotation annotation) {
    String key = annotation.key();
    boolean fits = key.indexOf('/') > 0 && Names.qualifiedName(key).isEmpty();
    if (fits && annotations.size() < ANNOTATIONS_MAX) {
      annotations.putIfAbsent(key, annotation);
    }
  }

  /// As [#audit(AuditAnnotation)], for what may be told wherever events are written.
  public void audit(String key, String value) {
    audit(new AuditAnnotation(key, value, false));
  }

  public List<AuditAnnotation> annotations() {
    return List.copyOf(annotations.values());
  }
}
