import numpy as np
import scipy.signal as sg


def tanh(z):
    return np.tanh(z)


def dtanh(dA, z):
    return dA * (1 - np.tanh(z) ** 2)


Activations = {"tanh": tanh, "none": lambda z: z}
Gradients = {"tanh": dtanh, "none": lambda dA, z: dA}


class ConvLayer:
    # features : number of output maps, samples come as [sample, row, col, map]
    def __init__(self, inputfeatures, features, kernelsize, activationf="tanh", seed=1):
        r = np.random.default_rng(seed)
        self.inputfeatures = inputfeatures
        self.features = features
        self.activationf = activationf
        self.kernels = r.uniform(-0.5, 0.5, (features, inputfeatures, kernelsize[0], kernelsize[1]))
        self.biases = r.uniform(-0.1, 0.1, features)

    def forward(self, prev_a):
        self.prev_a = prev_a
        samples, H, W, _ = prev_a.shape
        kh, kw = self.kernels.shape[2:]
        self.Z = np.zeros((samples, H - kh + 1, W - kw + 1, self.features))
        for s in range(samples):
            for f in range(self.features):
                for i in range(self.inputfeatures):
                    self.Z[s, :, :, f] += sg.correlate2d(prev_a[s, :, :, i], self.kernels[f, i], "valid")
                self.Z[s, :, :, f] += self.biases[f]
        return Activations[self.activationf](self.Z)

    def backprop(self, dA):
        self.gradk = np.zeros(self.kernels.shape)
        self.gradb = np.zeros(self.features)
        delta = Gradients[self.activationf](dA, self.Z)
        dprev = np.zeros(self.prev_a.shape)

        for s in range(dA.shape[0]):
            for f in range(self.features):
                self.gradb[f] += dA[s, :, :, f].sum()
                for i in range(self.inputfeatures):
                    self.gradk[f, i] += sg.correlate2d(self.prev_a[s, :, :, i], delta[s, :, :, f], "valid")
                    dprev[s, :, :, i] += sg.convolve2d(delta[s, :, :, f], self.kernels[f, i], "full")
        return dprev

    def update_parameters(self, lr):
        self.kernels -= lr * self.gradk
        self.biases -= lr * self.gradb
