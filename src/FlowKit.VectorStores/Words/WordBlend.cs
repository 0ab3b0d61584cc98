namespace FlowKit.VectorStores.Words;

/// <summary>The part that words have in a search.</summary>
internal sealed class WordBlend
{
    private const double DefaultAlpha = 0.5;
    private const int DefaultRankConstant = 60;
    private const int DefaultWindow = 100;
    private const int MaxWindow = 10_000;

    private readonly string? _query;
    private readonly RankFusionKind _fusion;
    private readonly int _rankConstant;
    private readonly int _window;

    private WordBlend(string? query, double alpha, RankFusionKind fusion, int rankConstant, int window) =>
        (_query, Alpha, _fusion, _rankConstant, _window) = (query, alpha, fusion, rankConstant, window);

    /// <summary>The weight of the vectors, from 0 to below 1.</summary>
    public double Alpha { get; }

    /// <summary>Reads the parameters; <see langword="null"/> where vectors alone are searched.</summary>
    /// <exception cref="FlowKitException">One of them is wrong; its name is in the message.</exception>
    public static WordBlend? Read(SearchParameters parameters, VectorSearch search)
    {
        var alpha = ParameterReader.ReadNumber(parameters.Alpha, "alpha", 0, 1);
        var rankConstant = ParameterReader.ReadWhole(parameters.RankConstant, "rank_constant", 1, 1_000_000);
        var window = ParameterReader.ReadWhole(parameters.RankWindowSize, "rank_window_size", 1, MaxWindow);
        var fusion = ReadFusion(parameters.Fusion);
        if (alpha == 1 || (alpha is null && parameters.Query is null && fusion is null && rankConstant is null && window is null))
        {
            return null;
        }

        var blend = new WordBlend(
            parameters.Query,
            alpha ?? DefaultAlpha,
            fusion ?? RankFusionKind.Rrf,
            rankConstant ?? DefaultRankConstant,
            window ?? DefaultWindow);
        return alpha != 0 && search.Offset + search.Limit > blend._window
            ? throw ParameterReader.Invalid(
                "rank_window_size",
                $"offset and limit reach to match {search.Offset + search.Limit}, and {blend._window} of each list become one;"
                + " send more, the same for all pages.")
            : blend;
    }

    /// <summary>Indicates whether the document can be searched with; fails the document when it has no text.</summary>
    public bool Check(Document document)
    {
        if (_query is not null || document.Text is { Length: > 0 })
        {
            return true;
        }

        document.Fail(FlowErrorCode.InvalidArgument, "text: the document has none, and parameters.query names no words.");
        return false;
    }

    /// <summary>The query as a store takes it.</summary>
    public Document QueryOf(Document document) =>
        new(document.Id) { Text = _query ?? document.Text ?? "", Adjacency = document.Adjacency };

    /// <summary>The name of the words' score.</summary>
    /// <exception cref="FlowKitException">The store does not find documents by words.</exception>
    public string ScoreOf(IVectorStore store) => store.Capabilities.WordScore ?? throw ParameterReader.Invalid(
        _query is null ? "alpha" : "query", "this index does not find documents by words; send neither query nor alpha, or an alpha of 1.");

    /// <summary>The way in which both lists become one.</summary>
    public RankFusion FusionOf(VectorMetric metric, string wordScore, VectorSearch search) => new(
        _fusion, Alpha, _rankConstant, _window, metric.NameOf(), metric == VectorMetric.L2, wordScore, search.ScoreThreshold);

    private static RankFusionKind? ReadFusion(string? name) => name switch
    {
        null => null,
        "rrf" => RankFusionKind.Rrf,
        "relative_score" => RankFusionKind.RelativeScore,
        _ => throw ParameterReader.Invalid("fusion", $"'{name}' is none; known are rrf and relative_score."),
    };
}
