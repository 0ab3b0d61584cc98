namespace FlowKit.Serving.Gateway.Compat;

/// <summary>The part of a body that is about the model.</summary>
/// <param name="Model">The model's name; <see langword="null"/> for the flow's own.</param>
/// <param name="ModelField">The field that holds it, for errors.</param>
/// <param name="Dimensions">The number of values of each embedding; <see langword="null"/> for the model's own.</param>
internal readonly record struct CompatAsk(string? Model, string ModelField, int? Dimensions = null);
