package io.thyra.audit;

import io.thyra.model.RequestInfo;
import io.thyra.model.UserInfo;
import java.util.List;
import java.util.Map;

/// Files of `--audit-policy-file`, and what they say of a request.
public final class AuditPolicyFuzz {
  private static final UserInfo USER = new UserInfo("u", "", List.of("g"), Map.of());

  private AuditPolicyFuzz() {}

  public static void fuzzerTestOneInput(byte[] data) {
    AuditPolicy policy;
    try {
      policy = AuditPolicy.parse(data);
    } catch (IllegalArgumentException _) {
      return;
    }
    policy.decide(USER, new RequestInfo(true, "/api/v1/namespaces/n/pods/p/log", "get", "api", "", "v1", "n", "pods", "log", "p"));
    policy.decide(null, RequestInfo.nonResource("/healthz/etcd", "get"));
  }
}
