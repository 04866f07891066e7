"""More layers in the styles people write them in, put down without a look at the doctor's catalogue.

Each entry of LAYERS is (layer or pair, description, wrong parts, words).  Four of the twelve are right.  They stay
as they were written: what the doctor says about them is measured apart from the cases made from its own catalogue.
"""

import numpy as np

LAYERS = []


def written(parts, words, second=None, **description):
    def keep(layer):
        handed = layer if second is None else (second, layer)
        LAYERS.append((handed, description, parts.split(), words))
        return layer

    return keep


# 1 ----------------------------------------------------- German names, loops, the stride forgotten in one gradient


@written(
    "dK",
    "German class: dK reads its window without the stride",
    forward="vorwaerts",
    gradients=("dGewichte", "dSchwelle"),
)
class Faltungsschicht:
    def __init__(self, kanaele_ein, kanaele_aus, kerngroesse, schritt=1, rand=0):
        self.schritt, self.rand, self.kerngroesse = schritt, rand, kerngroesse
        self.gewichte = np.random.randn(kanaele_aus, kanaele_ein, kerngroesse, kerngroesse) * 0.1
        self.schwelle = np.zeros(kanaele_aus)

    def vorwaerts(self, eingabe):
        r, s, k = self.rand, self.schritt, self.kerngroesse
        self.form = eingabe.shape
        self.gerahmt = np.pad(eingabe, ((0, 0), (0, 0), (r, r), (r, r)))
        anzahl, _, hoehe, breite = self.gerahmt.shape
        h, b = (hoehe - k) // s + 1, (breite - k) // s + 1
        ausgabe = np.zeros((anzahl, len(self.gewichte), h, b))
        for n in range(anzahl):
            for o in range(len(self.gewichte)):
                for i in range(h):
                    for j in range(b):
                        fenster = self.gerahmt[n, :, i * s : i * s + k, j * s : j * s + k]
                        ausgabe[n, o, i, j] = (fenster * self.gewichte[o]).sum() + self.schwelle[o]
        return ausgabe

    def rueckwaerts(self, fehler):
        r, s, k = self.rand, self.schritt, self.kerngroesse
        d_gerahmt = np.zeros_like(self.gerahmt)
        self.dGewichte, self.dSchwelle = np.zeros_like(self.gewichte), np.zeros_like(self.schwelle)
        anzahl, karten, h, b = fehler.shape
        for n in range(anzahl):
            for o in range(karten):
                for i in range(h):
                    for j in range(b):
                        wert = fehler[n, o, i, j]
                        d_gerahmt[n, :, i * s : i * s + k, j * s : j * s + k] += wert * self.gewichte[o]
                        self.dGewichte[o] += wert * self.gerahmt[n, :, i : i + k, j : j + k]
                        self.dSchwelle[o] += wert
        return d_gerahmt[:, :, r : r + self.form[2], r : r + self.form[3]]


# 2 --------------------------------------------------------- Spanish functions, a scatter of the transposed kernel


def convolucion_adelante(entrada, filtros, sesgo, paso=1, relleno=0):
    lote, _, alto, ancho = entrada.shape
    n, _, k, _ = filtros.shape
    x = np.pad(entrada, [(0, 0), (0, 0), (relleno, relleno), (relleno, relleno)])
    salida = np.zeros((lote, n, (alto + 2 * relleno - k) // paso + 1, (ancho + 2 * relleno - k) // paso + 1))
    for fila in range(salida.shape[2]):
        for col in range(salida.shape[3]):
            ventana = x[:, :, fila * paso : fila * paso + k, col * paso : col * paso + k]
            salida[:, :, fila, col] = np.tensordot(ventana, filtros, axes=([1, 2, 3], [1, 2, 3])) + sesgo
    return salida, (x, filtros, paso, relleno)


@written("dX", "Spanish pair: the kernel pasted transposed", second=convolucion_adelante)
def convolucion_atras(d_salida, memoria):
    x, filtros, paso, relleno = memoria
    k = filtros.shape[2]
    dx, dw = np.zeros_like(x), np.zeros_like(filtros)
    for fila in range(d_salida.shape[2]):
        for col in range(d_salida.shape[3]):
            arriba, izquierda = fila * paso, col * paso
            error = d_salida[:, :, fila, col]
            ventana = x[:, :, arriba : arriba + k, izquierda : izquierda + k]
            dw += np.einsum("bo,bchw->ochw", error, ventana)
            dx[:, :, arriba : arriba + k, izquierda : izquierda + k] += np.einsum("bo,ochw->bcwh", error, filtros)
    if relleno:
        dx = dx[:, :, relleno:-relleno, relleno:-relleno]
    return dx, dw, d_salida.sum(axis=(0, 2, 3))


# 3 ------------------------------------------- im2col by strides, NHWC, the weights a matrix, np.add.at: right


@written("", "im2col by as_strided, NHWC, matrix of weights: right", X="NHWC", K="(HWI)O", gradients=("dW", "db"))
class Conv2dStrided:
    def __init__(self, in_channels, out_channels, kernel_size, stride=1, padding=0):
        self.k, self.s, self.p = kernel_size, stride, padding
        self.W = np.random.standard_normal((kernel_size * kernel_size * in_channels, out_channels))
        self.b = np.zeros((1, out_channels))

    def __call__(self, x):
        return self.forward(x)

    def forward(self, x):
        self.shape = x.shape
        x = np.ascontiguousarray(np.pad(x, ((0, 0), (self.p, self.p), (self.p, self.p), (0, 0))))
        n, h, w, c = self.padded = x.shape
        self.oh, self.ow = (h - self.k) // self.s + 1, (w - self.k) // self.s + 1
        sn, sh, sw, sc = x.strides
        view = np.lib.stride_tricks.as_strided(
            x, (n, self.oh, self.ow, self.k, self.k, c), (sn, sh * self.s, sw * self.s, sh, sw, sc)
        )
        self.cols = view.reshape(n * self.oh * self.ow, -1)
        return (self.cols @ self.W + self.b).reshape(n, self.oh, self.ow, -1)

    def backward(self, grad):
        flat = grad.reshape(-1, grad.shape[-1])
        self.dW, self.db = self.cols.T @ flat, flat.sum(axis=0, keepdims=True)
        cols = (flat @ self.W.T).reshape(-1, self.oh, self.ow, self.k, self.k, self.shape[3])
        dx = np.zeros(self.padded)
        rows = self.s * np.arange(self.oh)[:, None, None, None] + np.arange(self.k)[None, None, :, None]
        columns = self.s * np.arange(self.ow)[None, :, None, None] + np.arange(self.k)[None, None, None, :]
        np.add.at(dx, (slice(None), rows, columns), cols)
        return dx[:, self.p : self.p + self.shape[1], self.p : self.p + self.shape[2]]


# 4 -------------------------------------------- port of a framework's SAME padding, cropped as if it were symmetric


@written("dX", "port with SAME padding: an odd border is cut at the wrong end", X="NHWC", K="HWIO", pad="same")
class Conv2DLayer:
    def __init__(self, filters, kernel_size, strides=1, padding="SAME", input_channels=3):
        self.strides, self.padding = strides, padding
        self.kernel = np.random.normal(size=(kernel_size, kernel_size, input_channels, filters))
        self.bias = np.random.normal(size=filters)

    def call(self, inputs):
        k, s = self.kernel.shape[0], self.strides
        _, h, w, _ = self.in_shape = inputs.shape
        oh, ow = -(-h // s), -(-w // s)
        ph, pw = max((oh - 1) * s + k - h, 0), max((ow - 1) * s + k - w, 0)
        self.before = ph // 2, pw // 2
        self.x = np.pad(inputs, ((0, 0), (ph // 2, ph - ph // 2), (pw // 2, pw - pw // 2), (0, 0)))
        windows = np.lib.stride_tricks.sliding_window_view(self.x, (k, k), axis=(1, 2))[:, ::s, ::s]
        self.windows = windows[:, :oh, :ow]
        return np.einsum("nhwcij,ijco->nhwo", self.windows, self.kernel) + self.bias

    def gradients(self, grads):
        k, s = self.kernel.shape[0], self.strides
        d_kernel = np.einsum("nhwcij,nhwo->ijco", self.windows, grads)
        dx = np.zeros_like(self.x)
        for i in range(k):
            for j in range(k):
                dx[:, i : i + s * grads.shape[1] : s, j : j + s * grads.shape[2] : s] += grads @ self.kernel[i, j].T
        _, h, w, _ = self.in_shape
        top, left = dx.shape[1] - h - self.before[0], dx.shape[2] - w - self.before[1]
        return dx[:, top : top + h, left : left + w], d_kernel, grads.sum((0, 1, 2))


# 5 ----------------------------------------------- tanh inside, its derivative taken of what is a tanh already


@written("dX dK db", "tanh inside, and tanh once more in its derivative", activation="tanh")
class TanhConv:
    def __init__(self, n_in, n_out, f, stride=1, pad=0):
        self.params = {"W": np.random.randn(n_out, n_in, f, f), "b": np.random.randn(n_out, 1)}
        self.grads, self.stride, self.pad = {}, stride, pad

    def forward(self, X):
        W, b, s, p = self.params["W"], self.params["b"], self.stride, self.pad
        self.Xp = np.pad(X, ((0, 0), (0, 0), (p, p), (p, p)))
        f = W.shape[2]
        oh, ow = (self.Xp.shape[2] - f) // s + 1, (self.Xp.shape[3] - f) // s + 1
        Z = np.empty((len(X), len(W), oh, ow))
        for y in range(oh):
            for x in range(ow):
                patch = self.Xp[:, :, y * s : y * s + f, x * s : x * s + f].reshape(len(X), -1)
                Z[:, :, y, x] = patch @ W.reshape(len(W), -1).T + b.T
        self.A = np.tanh(Z)
        return self.A

    def backward(self, dA):
        W, s, p = self.params["W"], self.stride, self.pad
        f = W.shape[2]
        dZ = dA * (1 - np.tanh(self.A) ** 2)
        dXp, dW = np.zeros_like(self.Xp), np.zeros_like(W)
        for y in range(dZ.shape[2]):
            for x in range(dZ.shape[3]):
                here = np.s_[:, :, y * s : y * s + f, x * s : x * s + f]
                dXp[here] += np.tensordot(dZ[:, :, y, x], W, axes=1)
                dW += np.tensordot(dZ[:, :, y, x].T, self.Xp[here], axes=1)
        self.grads = {"W": dW, "b": dZ.sum(axis=(0, 2, 3)).reshape(-1, 1)}
        return dXp[:, :, p : dXp.shape[2] - p, p : dXp.shape[3] - p]


# 6 -------------------------------------------------------- lists of maps, one image, only a step; a centred cut


def slide(a, k):
    h, w = a.shape[0] - k.shape[0] + 1, a.shape[1] - k.shape[1] + 1
    return np.array([[np.sum(a[i : i + k.shape[0], j : j + k.shape[1]] * k) for j in range(w)] for i in range(h)])


@written(
    "dX",
    "lists of maps, step only: full correlation with the kernel mirrored left to right",
    X="[C]HW",
    gradients="step",
)
class MapLayer:
    def __init__(self, num_inputs, num_maps, size):
        rng = np.random.default_rng(4)
        self.kernels = [[rng.normal(size=(size, size)) for _ in range(num_inputs)] for _ in range(num_maps)]
        self.biases = [rng.normal() for _ in range(num_maps)]

    def feed_forward(self, maps):
        self.maps = maps
        rows = zip(self.kernels, self.biases, strict=True)
        return [sum(slide(m, k) for m, k in zip(maps, row, strict=True)) + bias for row, bias in rows]

    def back_propagate(self, deltas, learning_rate):
        size = len(self.kernels[0][0])
        errors = []
        for c in range(len(self.maps)):
            framed = [np.pad(d, size - 1) for d in deltas]
            errors.append(sum(slide(d, np.fliplr(row[c])) for d, row in zip(framed, self.kernels, strict=True)))
        for o, delta in enumerate(deltas):
            for c, m in enumerate(self.maps):
                self.kernels[o][c] = self.kernels[o][c] - learning_rate * slide(m, delta)
            self.biases[o] -= learning_rate * delta.sum()
        return errors
