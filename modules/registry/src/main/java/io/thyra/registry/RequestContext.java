package io.thyra.registry;

import io.thyra.model.RequestInfo;
import io.thyra.model.UserInfo;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// What the rules may know of the request they run for. Owned by the one task that serves the request.
public final class RequestContext {
  // More than any answer shows: upstream cuts all texts of one answer at 4,096 characters.
  private static final int WARNINGS_MAX = 500;

  private final RequestInfo info;
  private final UserInfo user;
  private final String userAgent;
  private final boolean dryRun;
  private final Instant now;
  private final List<String> warnings;

  public RequestContext(RequestInfo info, UserInfo user, String userAgent, boolean dryRun, Instant now) {
    this(info, user, userAgent, dryRun, now, new ArrayList<>());
  }

  private RequestContext(
      RequestInfo info, UserInfo user, String userAgent, boolean dryRun, Instant now, List<String> warnings) {
    this.info = info;
    this.user = user;
    this.userAgent = userAgent;
    this.dryRun = dryRun;
    this.now = now;
    this.warnings = warnings;
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
    return new RequestContext(info, user, userAgent, true, now, warnings);
  }

  /// The same request as one about something else that it leads to; the warnings are shared.
  public RequestContext about(RequestInfo other) {
    return new RequestContext(other, user, userAgent, dryRun, now, warnings);
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
}
