package io.thyra.nodes;

import io.thyra.backends.BackendTrust;
import io.thyra.backends.CaBundle;
import io.thyra.nodes.PeerConnections.Sort;
import io.vertx.core.Vertx;
import io.vertx.core.net.PemKeyCertOptions;
import java.security.GeneralSecurityException;
import java.util.Optional;

/// The connections to all that requests are passed on to. Those to kubelets may be replaced. Safe for all threads.
final class Peers {
  private record ToKubelets(PeerConnections streams, PeerConnections logs, PeerConnections unverifiedLogs) {
    void retire() {
      streams.retire();
      logs.retire();
      unverifiedLogs.retire();
    }
  }

  private final Vertx vertx;
  private final PeerConnections plain;
  private final PeerConnections secure;
  private volatile ToKubelets kubelets;

  Peers(Vertx vertx, NodesVerticle.KubeletTls tls) {
    this.vertx = vertx;
    plain = new PeerConnections(vertx, new Sort(Optional.empty(), Optional.empty(), false));
    // Pods have no certificates that anybody could check.
    secure = new PeerConnections(vertx, new Sort(Optional.of(BackendTrust.insecure()), Optional.empty(), false));
    kubelets = toKubelets(tls);
  }

  private ToKubelets toKubelets(NodesVerticle.KubeletTls tls) {
    Optional<PemKeyCertOptions> identity =
        tls.identity().map(pair -> new PemKeyCertOptions().addCertValue(pair.certificate()).addKeyValue(pair.key()));
    BackendTrust trust = tls.authorities().isPresent() ? trust(tls.authorities().get()) : BackendTrust.insecure();
    return new ToKubelets(
        new PeerConnections(vertx, new Sort(Optional.of(trust), identity, false)),
        new PeerConnections(vertx, new Sort(Optional.of(trust), identity, true)),
        new PeerConnections(vertx, new Sort(Optional.of(BackendTrust.insecure()), identity, true)));
  }

  private static BackendTrust trust(String pem) {
    try {
      return BackendTrust.ofPeers(CaBundle.ofPem(pem));
    } catch (CaBundle.Unusable | GeneralSecurityException e) {
      throw new IllegalArgumentException("--kubelet-certificate-authority: " + e.getMessage(), e);
    }
  }

  /// From now on kubelets are trusted and told who this server is by other files.
  synchronized void identify(NodesVerticle.KubeletTls tls) {
    ToKubelets old = kubelets;
    kubelets = toKubelets(tls);
    old.retire();
  }

  PeerConnections of(Destination destination) {
    return destination.kubelet() ? kubelets.streams() : destination.secure() ? secure : plain;
  }

  PeerConnections forLogs(boolean insecure) {
    return insecure ? kubelets.unverifiedLogs() : kubelets.logs();
  }

  void close() {
    plain.close();
    secure.close();
    kubelets.streams().close();
    kubelets.logs().close();
    kubelets.unverifiedLogs().close();
  }
}
