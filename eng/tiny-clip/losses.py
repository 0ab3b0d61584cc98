"""The training loss: contrast within the batch, with all concepts, with all categories; colour and shape."""
import torch
import torch.nn.functional as F

from batches import unpack


def _spread(logits, positive):
    """Cross entropy against the uniform distribution over the positives; rows without any count nothing."""
    count = positive.sum(1)
    held = count > 0
    log_p = logits.log_softmax(1)
    loss = -(log_p * positive).sum(1)[held] / count[held]
    return loss.mean() if len(loss) else logits.sum() * 0


def contrast(image, text, positive, scale):
    """Pictures against their captions. `positive[i, j]`: caption i holds for picture j.

    A caption is pulled to every picture it holds for; a picture to its own caption only, the other
    captions that hold for it are left out.
    """
    logits = text @ image.t() * scale
    own = torch.eye(len(logits), dtype=torch.bool, device=logits.device)
    to_image = _spread(logits, positive.float())
    own_caption = torch.arange(len(logits), device=logits.device)
    to_text = F.cross_entropy(logits.masked_fill(positive & ~own, -1e4).t(), own_caption)
    return (to_image + to_text) / 2


def total_loss(model, anchors, batch, image, text):
    """(loss, its parts) for un-normalised embeddings."""
    image, text = F.normalize(image, dim=-1), F.normalize(text, dim=-1)
    device = image.device
    number = len(image)
    between = contrast(image, text[:number], batch["positive"].to(device), model.scale.exp())
    concepts, scale = F.normalize(anchors.concepts, dim=-1), anchors.scale.exp()
    shown = batch["shown"].to(device)
    has = shown[:, 0] >= 0
    picture_logits = (image[has] @ concepts.t() * scale).log_softmax(1)
    pictures = -picture_logits.gather(1, shown[has]).mean()
    captions = _spread(text @ concepts.t() * scale, unpack(batch["targets"], len(concepts)).to(device).float())
    rows = batch["rows"].to(device).float()
    category_logits = image @ text[len(text) - rows.shape[1]:].t() * model.scale.exp()
    categories = (_spread(category_logits, rows) + _spread(category_logits.t(), rows.t())) / 2
    kinds = 0.0
    for embeddings, labels in ((image, batch["picture_kind"]), (text, batch["text_kind"])):
        labels = labels.to(device)
        for column, head in enumerate((anchors.colour, anchors.shape)):
            chosen = labels[:, column] >= 0
            if chosen.any():
                kinds = kinds + F.cross_entropy(head(embeddings[chosen]) * 4, labels[chosen, column])
    loss = between + pictures + captions + 0.5 * categories + 0.4 * kinds
    parts = {"loss": loss, "contrast": between, "pictures": pictures, "captions": captions,
             "categories": categories, "kinds": kinds}
    return loss, {name: float(value) for name, value in parts.items()}
