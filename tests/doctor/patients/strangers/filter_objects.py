import numpy as np


class Filter:
    """One 3D filter. It knows its own weights AND its own bias."""

    def __init__(self, size, depth):
        self.size = size
        self.weights = np.random.randn(size, size, depth) * 0.1
        self.bias = 0.0
        self.d_weights = None
        self.d_bias = None

    def slide(self, image, step):
        h, w, _ = image.shape
        for r, y in enumerate(range(0, h - self.size + 1, step)):
            for c, x in enumerate(range(0, w - self.size + 1, step)):
                yield r, c, y, x

    def activate(self, image, step):
        h, w, _ = image.shape
        fmap = np.zeros(((h - self.size) // step + 1, (w - self.size) // step + 1))
        for r, c, y, x in self.slide(image, step):
            patch = image[y : y + self.size, x : x + self.size]
            fmap[r, c] = np.sum(patch * self.weights) + self.bias
        return fmap

    def backprop(self, error_map, image, step):
        """error_map: 2D error of this filter's map. Returns error of the image."""
        self.d_weights = np.zeros_like(self.weights)
        self.d_bias = 0.0
        d_image = np.zeros(image.shape)
        for r, c, y, x in self.slide(image, step):
            e = error_map[r, c]
            self.d_weights += e * image[y : y + self.size, x : x + self.size]
            self.d_bias += e
            d_image[y : y + self.size, x : x + self.size] += e * self.weights
        return d_image

    def learn(self, rate):
        self.weights -= rate * self.d_weights
        self.bias -= rate * self.d_bias


class FilterBank:
    """
    Convolution layer = a list of Filter objects.
    images: (N, height, width, depth)  ->  (N, height', width', number of filters)
    """

    def __init__(self, how_many, size, depth, step=1):
        self.filters = [Filter(size, depth) for _ in range(how_many)]
        self.step = step

    def feed(self, images):
        self.images = images
        return np.array([np.dstack([f.activate(img, self.step) for f in self.filters]) for img in images])

    def feed_back(self, errors):
        d_images = np.zeros(self.images.shape)
        for n, img in enumerate(self.images):
            for k, f in enumerate(self.filters):
                d_images[n] += f.backprop(errors[n, :, :, k], img, self.step)
        return d_images

    def learn(self, rate):
        for f in self.filters:
            f.learn(rate)
