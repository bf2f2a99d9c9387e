namespace EtcdMaint.Cmdlets;

/// <summary>Completes member names.</summary>
public sealed class MemberNameCompleter : MemberCompleter
{
    private protected override string Text(EtcdMember member) => member.MemberName;
}
