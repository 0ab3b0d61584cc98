namespace FlowKit.Telemetry;

/// <summary>
/// The ids of all log events, each once over all of FlowKit: 100 executors, 200 flow, 300 serving, 400 orchestration, 500 hosting.
/// </summary>
internal static class EventIds
{
    public const int ExecutorThrew = 101;
    public const int ExecutorRestarting = 102;
    public const int ExecutorRestartFailed = 103;
    public const int ExecutorHangs = 104;
    public const int LaunchedExecutorEnded = 105;
    public const int LaunchedExecutorEndedAgain = 106;
    public const int ExecutorThrewElsewhere = 107;

    public const int GivingUpRequests = 201;
    public const int ExecutorsLeftBehind = 202;
    public const int ExecutorDisposeThrew = 203;
    public const int ExecutorDisposeHangs = 204;
    public const int FloatingExecutorFailed = 205;
    public const int ExecutorLoadFailed = 206;
    public const int ChangesApplied = 207;
    public const int ChangesNotApplied = 208;
    public const int DeviceWarning = 209;
    public const int BuildingExecutor = 210;
    public const int ExecutorScaling = 211;
    public const int ExecutorNotScaled = 212;

    public const int RequestFailed = 301;
    public const int HttpGatewayFailed = 302;
    public const int EndpointPassed = 303;
    public const int GrpcMethodFailed = 311;
    public const int CertificateChanged = 321;
    public const int CertificateKept = 322;
    public const int CertificateEndsSoon = 323;
    public const int ApiKeysChanged = 324;
    public const int ApiKeysKept = 325;
    public const int ConnectionsLimited = 326;
    public const int ConnectionRefused = 327;
    public const int SecretOpenToOthers = 328;
    public const int RemoteHostUnresolved = 331;
    public const int IpcCallFailed = 341;
    public const int IpcSessionClosed = 342;
    public const int QueueConnected = 351;
    public const int QueueNotConnected = 352;
    public const int QueueLost = 353;
    public const int QueueTriedAgain = 354;
    public const int QueueComesAgain = 355;
    public const int QueueDeadLetter = 356;
    public const int QueueFailed = 357;
    public const int QueueCannotRemember = 358;

    public const int WorkerWrote = 401;
    public const int WorkerLinesLeftOut = 402;
    public const int AbandonedContainerRemoved = 411;
    public const int ContainerOpenToOthers = 412;

    public const int FlowWarned = 501;
    public const int FlowStarted = 502;
    public const int FlowEndedHost = 503;
    public const int FlowOptionsApplied = 504;
    public const int FlowOptionsNotApplied = 505;
    public const int FlowListening = 506;
    public const int FlowCorsUnused = 507;
    public const int FlowMonitored = 508;
}
