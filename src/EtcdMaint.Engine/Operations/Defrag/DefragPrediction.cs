namespace EtcdMaint.Engine.Operations.Defrag;

/// <summary>The prediction for one defragmentation.</summary>
/// <param name="Duration">How long it takes.</param>
/// <param name="Pause">How long the member is unavailable meanwhile.</param>
/// <param name="IsNonBlocking">Whether the member serves its clients except during the pause at the end. Otherwise the
/// pause is the whole duration.</param>
internal sealed record DefragPrediction(TimeSpan Duration, TimeSpan Pause, bool IsNonBlocking);
