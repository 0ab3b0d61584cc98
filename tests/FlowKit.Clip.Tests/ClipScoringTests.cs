namespace FlowKit.Clip.Tests;

public sealed class ClipScoringTests
{
    [Fact]
    public void A_zero_vector_or_one_that_is_not_a_number_scores_nothing()
    {
        Assert.Equal(0f, ClipScoring.Cosine([0, 0], [1, 2]));
        Assert.Equal(0f, ClipScoring.Cosine([float.NaN, 0], [1, 2]));
        Assert.Equal(1f, ClipScoring.Cosine([1, 2], [2, 4]), 1e-6f);
        Assert.Equal(-1f, ClipScoring.Cosine([1, 2], [-2, -4]), 1e-6f);
    }

    [Fact]
    public void Vectors_of_different_models_cannot_be_compared()
    {
        Assert.Contains("2 and 3", Assert.Throws<FlowKitException>(() => ClipScoring.Cosine([1, 2], [1, 2, 3])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Openais_example_gives_its_published_probabilities()
    {
        // Logits 27.878918 and 23.396446 at scale 100.
        var probabilities = ClipScoring.Softmax([0.27878918f, 0.23396446f], 100f);
        Assert.Equal(0.988821f, probabilities[0], 1e-5f);
        Assert.Equal(0.011179f, probabilities[1], 1e-5f);
    }

    [Theory]
    [InlineData(1e6f)]
    [InlineData(0f)]
    public void Softmax_sums_to_one_at_any_scale(float scale)
    {
        Assert.Equal(1f, ClipScoring.Softmax([-1, 0.5f, 0.5f, float.NaN], scale).Sum(), 1e-5f);
        Assert.Empty(ClipScoring.Softmax([], scale));
    }

    [Fact]
    public void Equal_scores_keep_their_order()
    {
        Assert.Equal([2, 1, 3, 0, 4], ClipScoring.Rank([float.NaN, 0.5f, 0.9f, 0.5f, -1]));
    }

    [Fact]
    public void Normalising_gives_length_one_and_leaves_zero_alone()
    {
        float[] vector = [3, 4], zero = [0, 0];
        ClipScoring.Normalise(vector);
        ClipScoring.Normalise(zero);
        Assert.Equal([0.6f, 0.8f], vector);
        Assert.Equal([0f, 0f], zero);
    }
}
