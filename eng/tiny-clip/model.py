"""The two towers. Plain convolutions and a small causal transformer: what two CPU cores can train."""
import math

import torch
import torch.nn.functional as F
from torch import nn

from common import CONTEXT, DIMENSION, IMAGE_SIZE, MEAN, STD, TRAIN_SIZE


def _conv(inputs, outputs, kernel, stride=1):
    padding = 0 if stride == kernel else kernel // 2
    return nn.Sequential(nn.Conv2d(inputs, outputs, kernel, stride, padding, bias=False), nn.BatchNorm2d(outputs),
                         nn.ReLU(inplace=True))


class Residual(nn.Module):
    """Two 3x3 convolutions around a skip; the second starts at zero, so the block starts as identity."""

    def __init__(self, width, middle):
        super().__init__()
        self.first = _conv(width, middle, 3)
        self.second = nn.Sequential(nn.Conv2d(middle, width, 3, 1, 1, bias=False), nn.BatchNorm2d(width))
        nn.init.zeros_(self.second[1].weight)

    def forward(self, x):
        return F.relu(x + self.second(self.first(x)))


def area_matrix(source, target):
    """[target, source] weights that average areas: row i covers source pixels i*s/t to (i+1)*s/t."""
    ratio = source / target
    starts = torch.arange(target, dtype=torch.float64)[:, None] * ratio
    pixels = torch.arange(source, dtype=torch.float64)[None, :]
    covered = torch.minimum(starts + ratio, pixels + 1) - torch.maximum(starts, pixels)
    return (covered.clamp(min=0) / ratio).float()


class ImageTower(nn.Module):
    """224x224 -> area average to 96 -> 24 -> 12 -> 6x6 features -> attention and mean pooling -> 512.

    Training feeds pictures of the averaged size (or smaller) and switches `shrink` off. The average is
    two matrix products, which every ONNX runtime computes alike.
    """

    def __init__(self, widths=(48, 128, 256), middle=(128, 128), heads=4):
        super().__init__()
        a, b, c = widths
        self.shrink = True
        self.register_buffer("area", area_matrix(IMAGE_SIZE, TRAIN_SIZE), persistent=False)
        self.trunk = nn.Sequential(_conv(3, a, 4, 4), _conv(a, b, 3, 2), Residual(b, middle[0]), _conv(b, c, 3, 2),
                                   Residual(c, middle[1]))
        self.heads = heads
        self.look = nn.Conv2d(c, heads, 1)                  # where each head looks
        self.norm = nn.LayerNorm(c * (heads + 1))
        self.project = nn.Linear(c * (heads + 1), DIMENSION, bias=False)

    def forward(self, x):
        if self.shrink:
            x = torch.matmul(torch.matmul(self.area, x), self.area.t())
        x = self.trunk(x)
        weights = self.look(x).flatten(2).softmax(-1)       # [N, heads, places]
        x = x.flatten(2)                                    # [N, C, places]
        looked = torch.matmul(weights, x.transpose(1, 2)).flatten(1)
        return self.project(self.norm(torch.cat([looked, x.mean(-1)], 1)))


class Block(nn.Module):
    """A pre-norm transformer layer with ReLU."""

    def __init__(self, width, heads):
        super().__init__()
        self.heads = heads
        self.norm1, self.norm2 = nn.LayerNorm(width), nn.LayerNorm(width)
        self.query_key_value, self.out = nn.Linear(width, 3 * width), nn.Linear(width, width)
        self.up, self.down = nn.Linear(width, 4 * width), nn.Linear(4 * width, width)

    def forward(self, x, mask):
        n, length, width = x.shape
        split = self.query_key_value(self.norm1(x)).reshape(n, length, 3, self.heads, width // self.heads)
        q, k, v = split.permute(2, 0, 3, 1, 4).unbind(0)
        attention = torch.matmul(q, k.transpose(-2, -1)) * (width // self.heads) ** -0.5 + mask
        x = x + self.out(torch.matmul(attention.softmax(-1), v).transpose(1, 2).reshape(n, length, width))
        return x + self.down(F.relu(self.up(self.norm2(x))))


class TextTower(nn.Module):
    """Causal transformer read at the end mark, the greatest id."""

    def __init__(self, vocabulary, width=192, layers=2, heads=4):
        super().__init__()
        self.tokens = nn.Embedding(vocabulary, width)
        self.places = nn.Parameter(torch.randn(CONTEXT, width) * 0.01)
        nn.init.normal_(self.tokens.weight, std=0.02)
        self.blocks = nn.ModuleList(Block(width, heads) for _ in range(layers))
        self.norm = nn.LayerNorm(width)
        self.project = nn.Linear(width, DIMENSION, bias=False)
        self.register_buffer("mask", torch.full((CONTEXT, CONTEXT), -1e4).triu(1), persistent=False)

    def forward(self, ids):
        length = ids.shape[1]
        x = self.tokens(ids) + self.places[:length]
        for block in self.blocks:
            x = block(x, self.mask[:length, :length])
        end = ids.argmax(-1).reshape(-1, 1, 1).expand(-1, 1, x.shape[2])
        return self.project(self.norm(x.gather(1, end).squeeze(1)))


class TinyClip(nn.Module):
    """Both towers and the logit scale."""

    def __init__(self, vocabulary):
        super().__init__()
        self.image, self.text = ImageTower(), TextTower(vocabulary)
        self.scale = nn.Parameter(torch.tensor(math.log(1 / 0.07)))


class Anchors(nn.Module):
    """Training aids shared by both towers, never exported.

    One learned vector per concept: every picture and every caption is compared with all concepts,
    not only with those that happen to be in the batch. And linear read-outs of colour and shape.
    """

    def __init__(self, concepts, colours, shapes):
        super().__init__()
        self.concepts = nn.Parameter(torch.randn(concepts, DIMENSION) * DIMENSION ** -0.5)
        self.scale = nn.Parameter(torch.tensor(math.log(16.0)))
        self.colour, self.shape = nn.Linear(DIMENSION, colours), nn.Linear(DIMENSION, shapes)


def normalise_pixels(pixels):
    """uint8 [N, H, W, 3] -> float [N, 3, H, W] as CLIP wants it (channels last in memory)."""
    mean = torch.tensor(MEAN, device=pixels.device) * 255
    std = torch.tensor(STD, device=pixels.device) * 255
    return ((pixels.float() - mean) / std).permute(0, 3, 1, 2)
