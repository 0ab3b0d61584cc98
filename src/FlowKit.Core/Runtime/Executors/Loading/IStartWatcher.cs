namespace FlowKit.Runtime.Executors.Loading;

/// <summary>Told what a start works on, beside how many executors are ready.</summary>
internal interface IStartWatcher
{
    /// <summary>An executor's own code is restored and compiled, or has been.</summary>
    /// <param name="executor">Its name.</param>
    /// <param name="isBuilt">Whether it has been.</param>
    void Building(string executor, bool isBuilt);

    /// <summary>An executor begins to load.</summary>
    /// <param name="executor">Its name.</param>
    /// <param name="ready">The number of those that are ready.</param>
    /// <param name="total">The number of all.</param>
    void Starting(string executor, int ready, int total);
}
