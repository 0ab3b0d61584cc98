using FlowKit.Clip.Search;

namespace FlowKit.Clip.Tests;

/// <summary>AutoMM's predictor: named columns, pairs, probabilities both ways, search.</summary>
public sealed class ClipPredictorTests
{
    private static readonly string[] s_pictures = [Pictures.At("red-apple"), Pictures.At("dog-face"), Pictures.At("sailboat")];
    private static readonly string[] s_texts = ["a red apple", "a dog", "a boat"];

    private readonly ClipPredictor _predictor = new(Pictures.Model);

    [Fact]
    public void Columns_come_back_under_the_callers_names_with_length_1()
    {
        var columns = _predictor.ExtractEmbedding(new Dictionary<string, IReadOnlyList<string?>> { ["123"] = s_pictures, ["xyz"] = s_texts });

        Assert.Equal(["123", "xyz"], columns.Keys);
        Assert.Equal((true, false), (columns["123"].IsImage, columns["xyz"].IsImage));
        Assert.All(columns.Values.SelectMany(column => column.Embeddings), embedding => Assert.Equal(1f, ClipScoring.Norm(embedding), 5));
        Assert.All(columns.Values.SelectMany(column => column.Mask), Assert.True);
    }

    /// <summary>The tutorial's lines: five pictures, one text, the products, the largest; then another text.</summary>
    [Theory]
    [InlineData("a boat", 2)]
    [InlineData("a banana", 4)]
    public void The_picture_of_a_text_has_the_largest_product_as_in_the_tutorial(string query, int place)
    {
        string[] paths = [.. s_pictures, Pictures.At("airplane"), Pictures.At("banana")];
        var images = _predictor.ExtractEmbedding(new Dictionary<string, IReadOnlyList<string?>> { ["image"] = paths })["image"].Embeddings;
        var texts = _predictor.ExtractEmbedding(new Dictionary<string, IReadOnlyList<string?>> { ["text"] = [query] })["text"].Embeddings;
        Assert.Equal((5, 512, 1, 512), (images.Length, images[0].Length, texts.Length, texts[0].Length));

        var products = images.Select(image => image.Zip(texts[0], (left, right) => left * right).Sum()).ToArray();
        Assert.Equal(place, Array.IndexOf(products, products.Max()));
        Assert.Equal(place, SemanticSearch.Find(texts, images, topK: 1, SimilarityType.DotProduct)[0][0].ResponseId);
    }

    [Fact]
    public void A_missing_picture_is_masked_and_zero()
    {
        var column = _predictor.ExtractEmbedding(new Dictionary<string, IReadOnlyList<string?>> { ["image"] = [s_pictures[0], null] })["image"];

        Assert.Equal([true, false], column.Mask);
        Assert.All(column.Embeddings[1], value => Assert.Equal(0f, value));
    }

    [Fact]
    public void Choices_are_made_both_ways()
    {
        Assert.Equal([0, 1, 2], _predictor.Predict(s_pictures, s_texts));
        Assert.Equal([0, 1, 2], _predictor.Predict(s_texts, s_pictures));
        foreach (var (items, candidates) in new[] { (s_pictures, s_texts[..2]), (s_texts, s_pictures[..2]) })
        {
            var probabilities = _predictor.PredictProba(items, candidates);

            Assert.Equal((3, 2), (probabilities.Length, probabilities[0].Length));
            Assert.All(probabilities, row => Assert.Equal(1f, row.Sum(), 1e-6f));
            var cosines = Pictures.Model.Compare(ClipInput.PathOrText(items[0]), [.. candidates.Select(ClipInput.PathOrText)]);
            Assert.Equal(ClipScoring.Softmax(cosines, Pictures.Model.Card.LogitScale), probabilities[0], (left, right) => MathF.Abs(left - right) < 1e-4f);
        }
    }

    [Fact]
    public void Pairs_have_the_cosine_that_the_model_gives()
    {
        var pairs = _predictor.PredictPairs(s_pictures, s_texts);

        Assert.Equal(Pictures.Model.Compare(ClipInput.Image(s_pictures[1]), [s_texts[1]])[0], pairs[1], 5);
    }

    [Fact]
    public void The_nearest_are_found_best_first()
    {
        var found = _predictor.SemanticSearch(s_texts, s_pictures, topK: 2);

        Assert.Equal([0, 1, 2], found.Select(matches => matches[0].ResponseId));
        Assert.All(found, matches => Assert.True(matches.Count == 2 && matches[0].Score >= matches[1].Score));
    }

    [Theory]
    [InlineData("lengths", "Columns of different lengths: a has 3, b has 2.")]
    [InlineData("mixed", "The column 'a' holds 1 pictures and 1 texts; a column is one or the other.")]
    [InlineData("missing", "The column 'a', row 1: There is no picture 'no/such/file.png'")]
    [InlineData("text", "The column 'a' lacks a text in row 1")]
    [InlineData("candidates", "candidates: at least one is expected.")]
    public void What_cannot_be_is_named(string kind, string message)
    {
        Action act = kind switch
        {
            "lengths" => () => _predictor.ExtractEmbedding(new Dictionary<string, IReadOnlyList<string?>> { ["a"] = s_texts, ["b"] = s_texts[..2] }),
            "mixed" => () => _predictor.ExtractEmbedding(new Dictionary<string, IReadOnlyList<string?>> { ["a"] = [s_pictures[0], "a red apple"] }),
            "missing" => () => _predictor.ExtractEmbedding(new Dictionary<string, IReadOnlyList<string?>> { ["a"] = [s_pictures[0], "no/such/file.png"] }),
            "text" => () => _predictor.ExtractEmbedding(new Dictionary<string, IReadOnlyList<string?>> { ["a"] = ["one", null] }),
            _ => () => _predictor.Predict(s_texts, []),
        };

        Assert.Contains(message, Assert.Throws<FlowKitException>(act).Message, StringComparison.Ordinal);
    }
}
