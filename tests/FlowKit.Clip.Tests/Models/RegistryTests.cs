using FlowKit.Clip.Models;

namespace FlowKit.Clip.Tests;

public sealed class RegistryTests
{
    [Theory]
    [InlineData("ViT-B-32::openai")]
    [InlineData("ViT-B/32")]
    [InlineData("openai/clip-vit-base-patch32")]
    [InlineData("clip/ViT-B-32")]
    [InlineData("ViT-B-32__openai")]
    [InlineData("immich-app/ViT-B-32__openai")]
    [InlineData("vit-b-32")]
    public void A_model_is_found_by_every_spelling_of_its_name(string name)
    {
        var entry = ClipRegistry.Find(name);
        Assert.Equal("ViT-B-32::openai", entry?.Name);
        Assert.Equal((512, 224, 77, "quick_gelu", 100f), (entry!.Card.Dimension, entry.Card.ImageSize, entry.Card.ContextLength, entry.Card.Activation, entry.Card.LogitScale));
    }

    [Theory]
    [InlineData("clip/RN50", 1024, 224)]
    [InlineData("clip/RN101", 512, 224)]
    [InlineData("clip/RN50x4", 640, 288)]
    [InlineData("clip/RN50x16", 768, 384)]
    [InlineData("clip/RN50x64", 1024, 448)]
    [InlineData("clip/ViT-B-16", 512, 224)]
    [InlineData("clip/ViT-B-32", 512, 224)]
    [InlineData("clip/ViT-L-14", 768, 224)]
    [InlineData("clip/ViT-L-14-336px", 768, 336)]
    public void Roboflows_model_ids_are_known(string id, int dimension, int size) =>
        Assert.Equal((dimension, size), (ClipRegistry.Find(id)?.Card.Dimension, ClipRegistry.Find(id)?.Card.ImageSize));

    [Fact]
    public void Every_family_of_the_field_is_there()
    {
        string[] names = ["RN50x64", "ViT-L/14@336px", "ViT-H-14::laion2b-s32b-b79k", "ViT-B-16::datacomp_xl_s13b_b90k", "EVA02-L-14-336::merged2b_s6b_b61k", "ViT-SO400M-14-SigLIP-384", "ViT-gopt-16-SigLIP2-384", "MobileCLIP-S2", "TinyCLIP-ViT-8M-16-Text-3M::YFCC15M", "facebook/metaclip-b32-400m", "OFA-Sys/chinese-clip-vit-base-patch16", "M-CLIP/XLM-Roberta-Large-Vit-B-16Plus", "jinaai/jina-clip-v2"];
        Assert.All(names, static name => Assert.NotNull(ClipRegistry.Find(name)));
        Assert.True(ClipRegistry.All.Count >= 100);
    }

    [Fact]
    public void Every_card_can_be_used_and_no_name_stands_for_two_models()
    {
        Assert.All(ClipRegistry.All, static entry =>
        {
            Assert.InRange(entry.Card.Dimension, 256, 2048);
            Assert.InRange(entry.Card.ContextLength, 32, 8192);
            Assert.InRange(new ClipPreprocessor(entry.Card.ToImageSpec()).Spec.Size, 224, 512);
            Assert.Contains(entry.Card.Tokenizer, (string[])["clip_bpe", "bert", "sentencepiece", "byte_bpe"]);
            Assert.Contains(entry.Card.Pooling, (string[])["eos_argmax", "eos_first", "last", "cls", "mean"]);
            Assert.Contains(entry.Card.Scoring, (string[])["softmax", "sigmoid"]);
            Assert.Same(entry, ClipRegistry.Find(entry.Name));
        });
    }

    [Theory]
    [InlineData("ViT-L-14::laion2b-s32b-b82k", 0.5f, "shortest", "bicubic")]
    [InlineData("ViT-B-16-SigLIP", 0.5f, "squash", "bicubic")]
    [InlineData("MobileCLIP-S0", 0f, "shortest", "bilinear")]
    [InlineData("ViT-H-14-CLIPA::datacomp1B", 0.485f, "squash", "bilinear")]
    public void What_differs_between_models_is_stated(string name, float red, string resize, string interpolation)
    {
        var card = ClipRegistry.Find(name)!.Card;
        Assert.Equal((red, resize, interpolation), (card.Mean[0], card.ResizeMode, card.Interpolation));
    }

    [Fact]
    public void A_scale_that_nobody_has_published_is_an_error_and_not_a_guess()
    {
        Assert.Equal(3, ClipRegistry.Find("ViT-B/32")!.Card.Probabilities([0.1f, 0.2f, 0.3f]).Length);
        Assert.InRange(ClipRegistry.Find("google/siglip-base-patch16-224")!.Card.Probabilities([0.15f])[0], 0.98f, 0.9999f);
        var error = Assert.Throws<FlowKitException>(() => ClipRegistry.Find("google/siglip-large-patch16-384")!.Card.Probabilities([0.1f]));
        Assert.Contains("logit_scale", error.Message, StringComparison.Ordinal);
    }
}
