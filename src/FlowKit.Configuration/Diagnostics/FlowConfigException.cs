namespace FlowKit.Configuration.Diagnostics;

/// <summary>A flow's configuration is not valid; every mistake that was found is in <see cref="Errors"/>.</summary>
public sealed class FlowConfigException : Exception
{
    /// <summary>Reports <paramref name="errors"/>, in the order of their places.</summary>
    /// <param name="errors">At least one mistake.</param>
    public FlowConfigException(IEnumerable<ConfigError> errors)
        : this(
            [
                .. errors.Distinct().OrderBy(error => error.Place.File, StringComparer.Ordinal)
                    .ThenBy(error => error.Place.Line).ThenBy(error => error.Place.Column),
            ])
    {
    }

    private FlowConfigException(ConfigError[] errors)
        : base(string.Join('\n', errors.AsEnumerable())) => Errors = errors;

    /// <summary>The mistakes, in the order of their places.</summary>
    public IReadOnlyList<ConfigError> Errors { get; }
}
