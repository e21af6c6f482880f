/// The plugins that shape, limit or refuse what is about to be stored, after authorization. Start reading at
/// [io.thyra.admission.AdmissionChain].
@NullMarked
package io.thyra.admission;

import org.jspecify.annotations.NullMarked;
