"""Recoveries found from numbers and structure alone: what each reference variable is in terms of the candidate's."""
