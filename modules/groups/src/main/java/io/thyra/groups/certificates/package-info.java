/// Certificate requests and trust bundles. Start reading at [io.thyra.groups.certificates.CertificatesGroup].
@NullMarked
package io.thyra.groups.certificates;

import org.jspecify.annotations.NullMarked;
