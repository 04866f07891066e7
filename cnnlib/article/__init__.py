"""The article that the course started from: what it says, its program, and what the toolbox it quotes computed."""
