using FlowKit.Clip.Models;

namespace FlowKit.Clip;

/// <summary>An embedding is cut only where the model was trained for that.</summary>
public sealed class ShortenTests
{
    private static readonly ClipModelCard s_card = new() { Name = "m", MatryoshkaDimensions = [2, 3, 4] };

    [Fact]
    public void The_first_values_stay_and_have_length_1() => Assert.Equal([0.6f, 0.8f], s_card.Shorten([3, 4, 100, 7], 2));

    [Fact]
    public void The_own_length_changes_nothing() => Assert.Equal([3, 4, 100, 7], new ClipModelCard { Name = "m" }.Shorten([3, 4, 100, 7], 4));

    [Fact]
    public void Nothing_but_zeros_stays_so() => Assert.Equal([0, 0], s_card.Shorten([0, 0, 1, 0], 2));

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(-1)]
    public void A_length_that_the_card_does_not_name_is_refused_with_those_that_it_does(int dimensions)
    {
        var exception = Assert.Throws<FlowKitException>(() => s_card.Shorten([3, 4, 100, 7], dimensions));

        Assert.Equal(FlowErrorCode.InvalidArgument, exception.Error.Code);
        Assert.EndsWith("have 4; they may be cut to 2, 3.", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_registry_says_which_models_may_be_cut() =>
        Assert.Equal([32, 64, 128, 256, 512, 768, 1024], ClipRegistry.Find("jina-clip-v2")!.Card.MatryoshkaDimensions);
}
